/// One try of a job on one SIM.
///
/// It exists on disk before its first byte that can commit money.
package struct Attempt: Hashable, Sendable {
    /// The number of an attempt in the queue's database.
    package struct ID: Hashable, Sendable, CustomStringConvertible {
        package let rawValue: Int64

        package init(_ rawValue: Int64) {
            self.rawValue = rawValue
        }

        package var description: String { String(rawValue) }
    }

    /// What became of it.
    ///
    /// `success` and `notExecuted` are final; `unknown` is left by evidence only.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        case success
        case notExecuted = "not_executed"
        case unknown
    }

    package var id: ID
    package var job: Job.ID
    /// 1 for a job's first attempt.
    package var ordinal: Int
    package var sim: ICCID
    package var number: PhoneNumber
    package var amount: Amount
    package var armedAt: Timestamp
    /// What the SIM's float was when armed, where it was known for certain.
    package var balanceBefore: Amount?
    /// Nil while it is open.
    package var outcome: Outcome?
    /// From when on its request, or a reconfirmation of it, can no longer reach the carrier.
    ///
    /// Only then an absent record or an unchanged balance proves anything. Nil: not known.
    package var deadAt: Timestamp?
    /// How long its request, or a reconfirmation of it, can be under way; nil: as the profile says.
    package var life: Duration?
    /// By how much our clock may have been wrong when it was armed.
    package var clockError = Duration.zero
    /// The serial number of the recharge that it takes back; nil for a recharge.
    package var reversedSerial: String?
    /// The network's reference of its request (`+CMGS`), as far as it was read.
    package var messageReference: Int?

    package init(
        id: ID,
        job: Job.ID,
        ordinal: Int,
        sim: ICCID,
        number: PhoneNumber,
        amount: Amount,
        armedAt: Timestamp,
        balanceBefore: Amount? = nil,
        outcome: Outcome? = nil,
        deadAt: Timestamp? = nil,
        reversedSerial: String? = nil,
        messageReference: Int? = nil
    ) {
        self.id = id
        self.job = job
        self.ordinal = ordinal
        self.sim = sim
        self.number = number
        self.amount = amount
        self.armedAt = armedAt
        self.balanceBefore = balanceBefore
        self.outcome = outcome
        self.deadAt = deadAt
        self.reversedSerial = reversedSerial
        self.messageReference = messageReference
    }

    package var isReversal: Bool { reversedSerial != nil }
}

/// One thing that speaks for or against an attempt, kept for ever as it came.
package struct Evidence: Hashable, Sendable {
    /// Where it came from.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// What the gateway itself saw on the wire, with secrets replaced.
        case trace
        case sms
        case statusReport = "status_report"
        case balance
        case history
        case statement
        case person
    }

    /// How much it proves (design: E0 to E4).
    package enum Grade: Int, Hashable, Sendable, Comparable, CaseIterable {
        case none = 0
        case balanceDelta = 1
        case answerLackingFields = 2
        case answer = 3
        case carrierRecord = 4

        package static func < (left: Grade, right: Grade) -> Bool { left.rawValue < right.rawValue }
    }

    /// What it says of the attempt.
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        case success
        case notExecuted = "not_executed"
        case inconclusive
    }

    /// Whether it is an answer that says that the attempt was executed, or that the carrier has it
    /// in hand, whatever that proves.
    package var speaksForCharge: Bool {
        kind == .sms && (verdict == .success || verdict == .inconclusive && grade > .none)
    }

    package var kind: Kind
    /// As it came, secrets replaced.
    package var raw: [UInt8]
    /// What was read from it, for people: `rule=recharged number=+86138****8000 serial=…`.
    package var parsed: String
    package var grade: Grade
    package var verdict: Verdict
    /// When its message was sent, by the network's clock; nil for what is no message.
    package var sentAt: Timestamp?

    package init(
        kind: Kind,
        raw: [UInt8],
        parsed: String,
        grade: Grade,
        verdict: Verdict,
        sentAt: Timestamp? = nil
    ) {
        self.kind = kind
        self.raw = raw
        self.parsed = parsed
        self.grade = grade
        self.verdict = verdict
        self.sentAt = sentAt
    }
}

/// How an attempt ends, filed as one commit: evidence, outcome of the attempt, state of the job.
package struct Settlement: Hashable, Sendable {
    /// The end of the attempt and what it means for the job.
    package enum Ending: Hashable, Sendable {
        /// Proved executed; the job has succeeded. The carrier's serial number may be missing only
        /// where the profile says that its texts have none.
        case success(serial: String?)
        /// Proved not executed. What follows says where the job goes.
        case notExecuted(Following)
        /// Perhaps executed: the job is unknown until there is evidence.
        case unknown
    }

    /// Where a job goes whose attempt was proved not executed.
    package enum Following: Hashable, Sendable {
        /// Tried again at once or later, preferably not by the SIM that made this attempt.
        case tryAgain(after: Duration, elsewhere: Bool)
        case hold(HoldReason)
        case fail
    }

    package var attempt: Attempt.ID
    package var ending: Ending
    package var evidence: [Evidence]
    /// For people: what the carrier or the modem said.
    package var reason: String
    /// The SIM's float as the answer states it; becomes what is known of the SIM's balance.
    package var balance: Amount?
    /// The messages that brought the verdict: filed as read in the same commit.
    package var messages: [InboxMessage]
    /// The inquiry that they answer: concluded in the same commit.
    package var inquiry: Inquiry.ID?
    /// The network's reference of the message that was sent (`+CMGS`).
    package var messageReference: Int?
    /// The person who says so; nil where the gateway read it itself.
    package var decidedBy: String?

    package init(
        attempt: Attempt.ID,
        ending: Ending,
        evidence: [Evidence],
        reason: String,
        balance: Amount? = nil,
        messages: [InboxMessage] = [],
        inquiry: Inquiry.ID? = nil,
        messageReference: Int? = nil
    ) {
        self.attempt = attempt
        self.ending = ending
        self.evidence = evidence
        self.reason = reason
        self.balance = balance
        self.messages = messages
        self.inquiry = inquiry
        self.messageReference = messageReference
    }
}

/// A short message, or one part of one, as a SIM received it.
///
/// It is on disk before it is deleted from the SIM. The same octets twice on one SIM are the same
/// message: networks deliver again when an acknowledgement is lost.
package struct InboxMessage: Hashable, Sendable {
    package var sim: ICCID
    /// The PDU in hex as the modem gave it.
    package var pdu: String
    package var sender: String
    /// The text of this part, as decoded; empty where it could not be.
    package var text: String
    /// The carrier's time stamp, where it is a date.
    package var sentAt: Timestamp?
    /// False while it is one part of an unfinished message.
    package var isRead: Bool
    /// Whether the SIM's carrier profile lists its sender: the texts of others are not kept long.
    ///
    /// It stays true unless whoever knows the profile says otherwise.
    package var isListed = true

    package init(
        sim: ICCID,
        pdu: String,
        sender: String,
        text: String,
        sentAt: Timestamp?,
        isRead: Bool
    ) {
        self.sim = sim
        self.pdu = pdu
        self.sender = sender
        self.text = text
        self.sentAt = sentAt
        self.isRead = isRead
    }
}
