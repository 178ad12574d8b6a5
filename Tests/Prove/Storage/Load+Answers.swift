import JobStorage
import Recharge
import TestSupport

/// What a load remembers of what was answered.
extension Load {
    /// Remembers what a call came to.
    mutating func note(_ call: Call, _ answer: Answer) throws {
        switch (call, answer) {
        case (.submit, .submission(let submission)): noteJob(submission.job)
        case (.begin(let batch), .start(.stage(let id))):
            guard let file = files.first(where: { $0.batch.key == batch.key }) else { return }
            staging = Staging(id: id, rows: file.rows)
        case (.openBatch(let id), .batch): batches.append(id)
        case (.change(let id, let change), .batch):
            batches.removeAll { $0 == id }
            pausedBatches.removeAll { $0 == id }
            switch change {
            case .pause: pausedBatches.append(id)
            case .resume: batches.append(id)
            case .cancel: break
            }
        case (.admit(let sighting, _), .admission(let admission)):
            let sim = try index(sighting.iccid)
            sims.insert(sim)
            note(sim, admission.sim.state)
        case (.depart(let iccid), .done):
            let sim = try index(iccid)
            sims.remove(sim)
            leased[sim] = nil
            inquiries[sim] = nil
            if let attempt = armed.removeValue(forKey: sim) { ended.append((sim, attempt)) }
        case (.setState(let iccid, let state), .done):
            let sim = try index(iccid)
            if state == .enabled { pausedSIMs.remove(sim) } else { pausedSIMs.insert(sim) }
        case (.enrol(let iccid), _): quarantinedSIMs.remove(try index(iccid))
        case (.claim(let request), .claim(.claimed(let job))):
            leased[try index(request.sim)] = job
            noteJob(job)
        case (.releaseLease(let job, let iccid, let target), let answer):
            leased[try index(iccid)] = nil
            if case .done = answer, case .held(let hold) = target { held.append((job, hold)) }
        case (.arm(let arming), let answer):
            let sim = try index(arming.sim)
            leased[sim] = nil
            if case .attempt(let attempt) = answer { armed[sim] = attempt }
        case (.settle(let settlement), .state(let state)):
            for (sim, attempt) in armed where attempt.id == settlement.attempt {
                armed[sim] = nil
                ended.append((sim, attempt))
                if state == .succeeded { succeeded.append(attempt.job) }
            }
        case (.ask, .inquiry(let inquiry)): inquiries[try index(inquiry.sim)] = inquiry.id
        case (.conclude(let inquiry, _), _): forget(inquiry)
        case (.reportFloat(let report), _): if let inquiry = report.inquiry { forget(inquiry) }
        case (.proposeReversal, .proposal(let proposal)): proposals.append(proposal.id)
        case (.approve(let proposal), _): proposals.removeAll { $0 == proposal }
        case (.setClock, .done): isOnHold = true
        case (.releaseHeld(let job, _), _): held.removeAll { $0.job == job }
        case (.setHold(let hold), .done): isOnHold = hold
        default: break
        }
        if case (.openBatch, _) = (call, answer) { staging = nil }
    }

    private mutating func forget(_ inquiry: Inquiry.ID) {
        inquiries = inquiries.filter { $0.value != inquiry }
    }

    private mutating func noteJob(_ job: Job) {
        jobs.append(job.id)
        if job.state == .held { held.append((job.id, job.holdReason)) }
    }

    private mutating func note(_ sim: Int, _ state: SIM.State) {
        quarantinedSIMs.remove(sim)
        pausedSIMs.remove(sim)
        switch state {
        case .quarantined: quarantinedSIMs.insert(sim)
        case .paused, .retired: pausedSIMs.insert(sim)
        case .enabled: break
        }
    }

    private func index(_ iccid: ICCID) throws -> Int {
        for sim in 0..<Load.simCount where try Samples.iccid(sim) == iccid { return sim }
        return 0
    }
}
