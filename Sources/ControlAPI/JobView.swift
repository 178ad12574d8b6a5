package import Recharge

/// A job as clients see it.
package struct JobView: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case recharge
        case reversal
    }

    package var id: Job.ID
    package var kind: Kind
    /// The job that a reversal takes back.
    package var reverses: Job.ID?
    package var state: JobState
    package var holdReason: HoldReason?
    /// In E.164.
    package var number: String
    package var numberAsSubmitted: String
    package var amountMinor: Int64
    package var currency: String
    package var carrier: CarrierID
    package var reference: String?
    package var priority: Int
    package var note: String?
    package var batch: Batch.ID?
    /// The line of the batch file where its row begins.
    package var line: Int?
    package var sim: ICCID?
    /// How many attempts were armed so far.
    package var attempts: Int
    package var serial: String?
    package var reason: String?
    package var notBefore: Timestamp?
    package var deadline: Timestamp?
    package var dueAt: Timestamp
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var finishedAt: Timestamp?
    /// Which of several recharges of one number and amount it is, from 2 on.
    package var `repeat`: Int?
    /// Present when its sender said that it is meant, whatever it looks like.
    package var allowsDuplicates: Bool?
    /// The proposal about it that waits for a second person.
    package var proposal: Proposal.ID?

    package init(_ job: Job) {
        id = job.id
        kind = job.order.reversal == nil ? .recharge : .reversal
        reverses = job.order.reversal?.job
        state = job.state
        holdReason = job.holdReason
        number = job.order.number.e164
        numberAsSubmitted = job.order.numberAsSubmitted.visible
        amountMinor = job.order.amount.minorUnits
        currency = job.order.amount.currency.code
        carrier = job.order.carrier
        reference = job.order.reference?.visible
        priority = job.order.priority
        note = job.order.note?.visible
        batch = job.batch
        line = job.order.batchLine
        sim = job.sim
        attempts = job.attempts
        serial = job.serial?.visible
        reason = job.reason?.visible
        notBefore = job.order.notBefore
        deadline = job.order.deadline
        dueAt = job.dueAt
        createdAt = job.createdAt
        updatedAt = job.updatedAt
        finishedAt = job.finishedAt
        `repeat` = job.order.repeatIndex
        allowsDuplicates = job.order.allowsDuplicates ? true : nil
        proposal = job.proposal
    }

    /// The amount itself; nil when the currency is not a code of three capital letters.
    package var amount: Amount? {
        Currency(code: currency).map { Amount(minorUnits: amountMinor, currency: $0) }
    }
}
