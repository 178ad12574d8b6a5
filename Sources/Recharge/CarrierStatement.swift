/// A recharge that the carrier's statement says was charged.
package struct StatementLine: Hashable, Sendable {
    /// The line of the file where it begins.
    package var line: Int
    package var number: PhoneNumber
    package var amount: Amount
    package var serial: String
    package var at: Timestamp

    package init(
        line: Int,
        number: PhoneNumber,
        amount: Amount,
        serial: String,
        at: Timestamp
    ) {
        self.line = line
        self.number = number
        self.amount = amount
        self.serial = serial
        self.at = at
    }
}

/// The carrier's record of what it charged, as a person brings it.
package struct CarrierStatement: Hashable, Sendable {
    /// What it claims to be complete for: only there an absent record says anything.
    package struct Extent: Hashable, Sendable {
        package var from: Timestamp
        package var until: Timestamp
        /// The SIM it is about; nil: all SIMs of the carrier.
        package var sim: ICCID?

        package init(from: Timestamp, until: Timestamp, sim: ICCID?) {
            self.from = from
            self.until = until
            self.sim = sim
        }
    }

    package var carrier: CarrierID
    /// The SIM whose attempts its lines may settle; nil: any.
    package var sim: ICCID?
    /// Nil where it may lack records.
    package var extent: Extent?
    package var lines: [StatementLine]
    /// Numbers of lines that do not say whether something was charged: nothing is absent there.
    package var openNumbers: Set<PhoneNumber>
    /// What people call it.
    package var name: String
    /// The SHA-256 of the file.
    package var digest: [UInt8]

    package init(
        carrier: CarrierID,
        sim: ICCID?,
        extent: Extent?,
        lines: [StatementLine],
        openNumbers: Set<PhoneNumber>,
        name: String,
        digest: [UInt8]
    ) {
        self.carrier = carrier
        self.sim = sim
        self.extent = extent
        self.lines = lines
        self.openNumbers = openNumbers
        self.name = name
        self.digest = digest
    }

    /// By how much the clocks of carrier and gateway may differ.
    package static let clockSkew = Duration.seconds(120)
}

/// What a statement settled, and what it could not.
package struct StatementReport: Hashable, Sendable {
    /// A line that settled nothing and speaks against nothing.
    package struct Unmatched: Hashable, Sendable {
        package var line: Int
        package var reason: String

        package init(line: Int, reason: String) {
            self.line = line
            self.reason = reason
        }
    }

    /// Lines that say what is on file already.
    package var agreed = 0
    package var succeeded: [Job.ID] = []
    package var notExecuted: [Job.ID] = []
    /// Jobs in doubt that it lacks though an answer says that they were executed: a person decides.
    package var contradicted: [Job.ID] = []
    /// Jobs in doubt that it would settle, once another person brings it too.
    package var waiting: [Job.ID] = []
    /// Opened because of it, a contradiction each.
    package var disputes: [Dispute.ID] = []
    /// The first of them.
    package var unmatched: [Unmatched] = []
    package var unmatchedCount = 0

    package init() {}

    /// How many unmatched lines are listed.
    package static let listedMax = 1000

    package mutating func leave(_ line: StatementLine, _ reason: String) {
        unmatchedCount += 1
        guard unmatched.count < StatementReport.listedMax else { return }
        unmatched.append(Unmatched(line: line.line, reason: reason))
    }
}
