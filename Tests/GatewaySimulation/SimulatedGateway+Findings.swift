import Recharge
import Simulation

/// What is wrong at the end of a run, held against the carrier's ledger.
extension SimulatedGateway {
    /// Violations in words, in an order that is the same for the same run.
    package mutating func findings() -> [String] {
        lookAtJobs()
        return violations + moneyFindings() + reversalFindings() + endings() + lost()
    }

    /// Each job charged at most once; every success charged; every charge known or in doubt.
    private func moneyFindings() -> [String] {
        var findings: [String] = []
        var charges: [String: [String]] = [:]
        for entry in ledger {
            if case .charged(let serial) = entry.outcome {
                charges["+86\(entry.number)", default: []].append(serial)
            }
        }
        let recharges = standings.filter { !$0.isReversal }
        let byNumber = Dictionary(grouping: recharges, by: \.number.e164)
        for number in charges.keys where byNumber[number] == nil {
            findings.append("\(number) was charged and nobody ordered it")
        }
        for (number, jobs) in byNumber.sorted(by: { $0.key < $1.key }) {
            let serials = charges[number] ?? []
            let charged = serials.count
            let succeeded = jobs.filter { $0.state == .succeeded }
            let open = jobs.count {
                $0.state == .unknown || $0.isDisputed && $0.state != .succeeded
            }
            if charged > jobs.count { findings.append("\(number) was charged \(charged) times") }
            if succeeded.count > charged {
                findings.append("\(number) succeeded without a charge")
            }
            if charged > succeeded.count + open {
                findings.append(
                    "\(number) was charged \(charged) times, \(succeeded.count + open) are known"
                )
            }
            findings += succeeded.compactMap(onAnotherSIM)
            for job in succeeded
            where job.serial.map({ !serials.contains($0) }) ?? !carrier.contains(.sparse) {
                findings.append("job \(job.id) succeeded with serial \(job.serial ?? "none")")
            }
            let known = succeeded.compactMap(\.serial)
            if Set(known).count < known.count {
                findings.append("\(number): two jobs succeeded with one serial")
            }
        }
        return findings
    }

    /// A success is filed on the SIM that was charged.
    private func onAnotherSIM(_ job: JobStanding) -> String? {
        guard let sim = job.sim, !carrier.contains(.recounting),
            let entry = ledger.first(where: { $0.serial == job.serial && $0.serial != nil }),
            entry.iccid != sim
        else { return nil }
        return "job \(job.id) succeeded on \(sim), the charge is \(entry.iccid)'s"
    }

    /// Each charge taken back at most once, by an order; every reversal that succeeded is one.
    private func reversalFindings() -> [String] {
        var findings: [String] = []
        var known: Set<String> = []
        var reversals: [String: [String]] = [:]
        for entry in ledger {
            guard case .reversed(let serial, let original) = entry.outcome else { continue }
            reversals["+86\(entry.number)", default: []].append(serial)
            if !known.insert(original).inserted { findings.append("\(original) reversed twice") }
        }
        for case .notReversed(.reversed, let original) in ledger.map(\.outcome)
        where !carrier.contains(.recounting) {
            findings.append("\(original) was to be reversed twice")
        }
        let jobs = Dictionary(grouping: standings.filter(\.isReversal), by: \.number.e164)
        for (number, serials) in reversals.sorted(by: { $0.key < $1.key }) {
            let open = jobs[number, default: []].count {
                $0.state == .succeeded || $0.state == .unknown || $0.isDisputed
            }
            if open < serials.count { findings.append("\(number): a reversal nobody knows of") }
        }
        for job in standings where job.isReversal && job.state == .succeeded {
            let serials = reversals[job.number.e164] ?? []
            if job.serial.map({ !serials.contains($0) }) ?? true {
                findings.append("reversal \(job.id) succeeded and is not in the ledger")
            }
        }
        return findings
    }

    /// When faults stop, everything ends: a doubt too, where the carrier has its record.
    private func endings() -> [String] {
        standings.compactMap { job in
            switch job.state {
            case .succeeded, .failed, .held, .cancelled, .expired: nil
            case .unknown: calmFrom != nil && isProvable(job) ? "job \(job.id) stays in doubt" : nil
            case .ready where isBlocked(job): nil
            case .scheduled, .ready, .leased, .armed: "job \(job.id) ends \(job.state)"
            }
        }
    }

    /// Whether the carrier's record could not be another one's, and no forged answer speaks
    /// against an absent one.
    func isProvable(_ job: JobStanding) -> Bool {
        isHistoryOffered && carrier.isDisjoint(with: [.forgetful, .recounting])
            && !wasSetBack && !job.isReversal
            && job.attempts == 1
            && standings.count { $0.number == job.number } == 1
            && (!job.isSpokenFor || isCharged(job.number))
    }

    private func isCharged(_ number: PhoneNumber) -> Bool {
        ledger.contains { entry in
            guard case .charged = entry.outcome else { return false }
            return "+86\(entry.number)" == number.e164
        }
    }

    /// Every acknowledged job is there.
    private func lost() -> [String] {
        let present = Set(standings.map(\.id))
        var findings = acknowledged.sorted { $0.value < $1.value }
            .filter { !present.contains($0.value) }
            .map { "job \($0.value) was acknowledged and is gone" }
        if !clients.isEmpty { findings.append("\(clients.count) clients were never answered") }
        return findings
    }
}
