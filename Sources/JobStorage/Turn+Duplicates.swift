import GRDB
import Recharge

/// What the body of a proposal about a suspected duplicate tells whoever approves it.
private struct SuspectBody: Codable {
    /// What it seems to repeat.
    var repeats: String?
    /// What a batch is called, and how much it is.
    var batch: String?
    var rows: Int?
    var sum: String?
}

extension Turn {
    /// Proposes that a suspected duplicate goes.
    mutating func vouch(
        for suspect: Suspect,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Proposal {
        let proposal = NewProposal(
            kind: .duplicate,
            subject: suspect.subject,
            body: try Turn.json(try body(of: suspect)),
            attachment: nil,
            reason: reason,
            people: people
        )
        return try propose(proposal, by: actor, at: now)
    }

    private func body(of suspect: Suspect) throws -> SuspectBody {
        switch suspect {
        case .job(let id): return SuspectBody(repeats: try job(id).reason)
        case .batch(let id):
            let batch = try batch(id)
            return SuspectBody(
                repeats: try Batch.find(repeatedBy: id, db)?.isThisFile,
                batch: batch.name,
                rows: batch.rowCount,
                sum: batch.amountSum.description
            )
        }
    }

    /// What a proposal lets go, if it still waits for that.
    func suspect(of proposal: Proposal) throws -> Suspect {
        guard let suspect = Suspect(subject: proposal.subject) else {
            throw JobStoreError(.unusable, "a proposal has a subject that none can have")
        }
        switch suspect {
        case .job(let id):
            let job = try self.job(id)
            guard job.state == .held, job.holdReason == .duplicate else {
                let state = job.holdReason?.rawValue ?? job.state.rawValue
                throw JobStoreError(.wrongState, "job \(id): is not held as a duplicate: \(state)")
            }
        case .batch(let id):
            let batch = try batch(id)
            guard batch.state == .held, batch.allowsDuplicates else {
                throw JobStoreError(
                    .wrongState,
                    "batch \(id): does not wait for approval: it is \(batch.state.rawValue)"
                )
            }
        }
        return suspect
    }

    /// Lets go what was approved.
    mutating func letGo(_ proposal: Proposal, by actor: Actor, at now: Timestamp) throws {
        let reason = "\(proposal.reason) (approved by \(proposal.deciders))"
        switch try suspect(of: proposal) {
        case .job(let id):
            _ = try release(id, heldFor: .duplicate, reason: reason, by: actor, at: now)
        case .batch(let id): _ = try change(id, .resume, reason: reason, by: actor, at: now)
        }
    }

    // MARK: What nobody approved stays

    func requireVouched(_ job: Job.ID) throws {
        let hold = try row("SELECT hold_reason FROM job WHERE id = ?", job.rawValue)
        guard hold?[0] == HoldReason.duplicate.rawValue else { return }
        let approved = try integer(
            "SELECT 1 FROM proposal WHERE kind = ? AND subject = ? AND state = 'approved'",
            Proposal.Kind.duplicate.rawValue,
            Suspect.job(job).subject
        )
        guard approved == nil else { return }
        throw Turn.notVouched("job \(job): it is held as a duplicate")
    }

    func requireVouched(_ batch: Batch) throws {
        guard batch.isSuspect else { return }
        throw Turn.notVouched("batch \(batch.id): it was sent with allow_duplicates")
    }

    private static func notVouched(_ what: String) -> JobStoreError {
        JobStoreError(.wrongState, "\(what), and a second person must approve it")
    }
}
