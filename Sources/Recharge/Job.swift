/// One order to recharge one number, as the queue knows it.
package struct Job: Hashable, Sendable {
    /// The number of a job in the queue's database.
    package struct ID: Hashable, Sendable, Comparable, CustomStringConvertible {
        package let rawValue: Int64

        package init(_ rawValue: Int64) {
            self.rawValue = rawValue
        }

        package static func < (left: ID, right: ID) -> Bool { left.rawValue < right.rawValue }
        package var description: String { String(rawValue) }
    }

    package var id: ID
    package var order: NewJob
    package var batch: Batch.ID?
    package var state: JobState
    package var holdReason: HoldReason?
    /// How many attempts were armed so far.
    package var attempts: Int
    package var dueAt: Timestamp
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var finishedAt: Timestamp?
    /// The SIM that holds it, or that made its last attempt.
    package var sim: ICCID?
    /// The carrier's serial number of the success.
    package var serial: String?
    /// Why it stands where it stands, for people: the last verdict's or person's words.
    package var reason: String?
    /// What waits for a second person about it.
    package var proposal: Proposal.ID?

    package init(id: ID, order: NewJob, state: JobState, at now: Timestamp) {
        self.id = id
        self.order = order
        self.state = state
        attempts = 0
        dueAt = order.notBefore ?? now
        createdAt = now
        updatedAt = now
    }
}

/// What a client orders: the terms of a job, which never change once acknowledged.
package struct NewJob: Hashable, Sendable {
    /// What ties a repeated submission to its first: the client and a key of its choosing.
    package struct Key: Hashable, Sendable {
        package var client: String
        package var key: String

        package init(client: String, key: String) {
            self.client = client
            self.key = key
        }
    }

    package var key: Key
    package var carrier: CarrierID
    package var number: PhoneNumber
    /// The number as the client wrote it, which is how the results show it.
    package var numberAsSubmitted: String
    package var amount: Amount
    package var reference: String?
    /// 0 to 9; higher goes first.
    package var priority: Int
    package var notBefore: Timestamp?
    /// After this moment it must not be started any more.
    package var deadline: Timestamp?
    package var note: String?
    /// Which of several recharges of one number and amount it is, from 2 on; nil: the first.
    package var repeatIndex: Int?
    /// The line in the batch file where the row begins; nil for a single order.
    package var batchLine: Int?
    /// Set when the job must wait for a person from the start.
    package var hold: HoldReason?
    /// What a reversal takes back; nil for a recharge.
    package var reversal: Reversal?
    /// How near another order for this number and amount makes it a suspected duplicate.
    ///
    /// Zero: none does. It is no term of the order, the carrier's profile has it.
    package var duplicateWindow: Duration = .zero
    /// Whether its sender says that it is meant, whatever it looks like.
    ///
    /// One that looks like a duplicate is held all the same: a second person lets it go.
    package var allowsDuplicates = false

    /// The recharge that a reversal takes back, whole (冲正).
    package struct Reversal: Hashable, Sendable {
        package var job: Job.ID
        /// The carrier's serial number of the recharge.
        package var serial: String
        /// The SIM that recharged: the carrier takes a reversal from no other.
        package var sim: ICCID

        package init(job: Job.ID, serial: String, sim: ICCID) {
            self.job = job
            self.serial = serial
            self.sim = sim
        }
    }

    package static let priorities = 0...9
    package static let priorityNormal = 4
    package static let repeatIndexes = 2...63

    package init(
        key: Key,
        carrier: CarrierID,
        number: PhoneNumber,
        numberAsSubmitted: String,
        amount: Amount
    ) {
        self.key = key
        self.carrier = carrier
        self.number = number
        self.numberAsSubmitted = numberAsSubmitted
        self.amount = amount
        priority = NewJob.priorityNormal
    }

    /// The terms as canonical text: what an idempotency key is compared by.
    ///
    /// Two submissions with one key are the same order when this text is the same.
    package var canonicalTerms: String {
        let terms = [
            carrier.name, number.e164, String(amount.minorUnits), amount.currency.code,
            reference ?? "", String(priority), notBefore.map { String($0.milliseconds) } ?? "",
            deadline.map { String($0.milliseconds) } ?? "", note ?? "",
        ]
        let reversed = reversal.map { ["reverses \($0.job)"] } ?? []
        let repeated = repeatIndex.map { ["repeat \($0)"] } ?? []
        return (terms + reversed + repeated).joined(separator: "\u{1F}")
    }
}

/// One CSV file of orders, opened as a whole or not at all.
package struct Batch: Hashable, Sendable {
    /// The number of a batch in the queue's database.
    package struct ID: Hashable, Sendable, CustomStringConvertible {
        package let rawValue: Int64

        package init(_ rawValue: Int64) {
            self.rawValue = rawValue
        }

        package var description: String { String(rawValue) }
    }

    /// Whether its jobs may be claimed.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// Rows are still being written. → open, held, cancelled
        case staging
        /// Paused by a person, or not approved yet. → open, cancelled
        case held
        /// Its jobs may be claimed. → held, closed, cancelled
        case open
        /// Every job is final. Final.
        case closed
        /// Withdrawn; armed and unknown jobs still run to their verdict. Final.
        case cancelled
    }

    package var id: ID
    package var key: NewJob.Key
    package var name: String
    package var state: State
    package var rowCount: Int
    package var amountSum: Amount
    package var createdAt: Timestamp
    package var createdBy: String
    /// Whether its sender says that all of it is meant, whatever it looks like.
    ///
    /// It is staged into `held` and opens when a second person approves.
    package var allowsDuplicates = false
    /// Whether it is paused because nobody approved yet that all of it is meant.
    package var isSuspect = false
    /// What waits for a second person about it.
    package var proposal: Proposal.ID?
    /// How many of its jobs stand in each state; states with none are missing.
    package var counts: [JobState: Int]

    package init(
        id: ID,
        key: NewJob.Key,
        name: String,
        state: State,
        rowCount: Int,
        amountSum: Amount,
        createdAt: Timestamp,
        createdBy: String,
        counts: [JobState: Int]
    ) {
        self.id = id
        self.key = key
        self.name = name
        self.state = state
        self.rowCount = rowCount
        self.amountSum = amountSum
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.counts = counts
    }
}
