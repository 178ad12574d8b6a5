import Recharge
import Simulation

/// Which attempt each charge of the ledger belongs to: none has two, and no job.
///
/// A number is in flight once: what a SIM is charged for it is the attempt that it last sent for it.
struct ChargeCount {
    private struct Target: Hashable {
        var sim: ICCID
        var number: String
    }

    private var jobs: [Attempt.ID: Job.ID] = [:]
    private var numbers: [Attempt.ID: String] = [:]
    /// What each SIM last sent for a number.
    private var last: [Target: Attempt.ID] = [:]
    private var charged: Set<Attempt.ID> = []
    private var chargedJobs: Set<Job.ID> = []

    mutating func note(_ attempt: Attempt) {
        jobs[attempt.id] = attempt.job
        numbers[attempt.id] = attempt.number.e164
        last[Target(sim: attempt.sim, number: attempt.number.e164)] = attempt.id
    }

    mutating func note(_ inquiry: Inquiry) {
        guard inquiry.kind.movesMoney, let attempt = inquiry.attempt,
            let number = numbers[attempt]
        else { return }
        last[Target(sim: inquiry.sim, number: number)] = attempt
    }

    /// Takes what the centre executed; returns what is wrong with it.
    mutating func note(_ entry: LedgerEntry) -> [String] {
        guard case .charged(let serial) = entry.outcome else { return [] }
        let target = Target(sim: entry.iccid, number: "+86\(entry.number)")
        guard let attempt = last[target], let job = jobs[attempt] else {
            return ["\(serial) was charged to \(entry.iccid), which sent nothing for it"]
        }
        guard charged.insert(attempt).inserted else {
            return ["attempt \(attempt) was charged twice"]
        }
        return chargedJobs.insert(job).inserted ? [] : ["job \(job) was charged twice"]
    }
}
