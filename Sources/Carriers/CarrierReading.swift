package import Recharge

/// What a profile makes of one message.
package enum CarrierReading: Hashable, Sendable {
    /// The sender is not on the profile's list; the text was not looked at.
    case notFromCarrier
    /// From the carrier, but in none of the profile's wordings.
    case unrecognised
    case matched(CarrierAnswer)
}

/// An answer of the carrier, read.
///
/// It names no job: the caller finds the attempt that it belongs to, and every field that it names
/// must agree with that attempt.
package struct CarrierAnswer: Hashable, Sendable {
    /// The name of the rule that matched.
    package let rule: String
    package let meaning: ReplyMeaning
    package let number: PhoneNumber?
    /// Where the carrier shows only a part; then `number` is nil.
    package let maskedNumber: MaskedNumber?
    package let amount: Amount?
    package let balance: Amount?
    package let serial: String?
    /// When a recharge on record was executed.
    package let time: Timestamp?
    /// The serial of the recharge that a reversal is about.
    ///
    /// An answer that names one is about a reversal and says nothing of a recharge in flight.
    package let original: String?
    /// What its wording does not name.
    package let lacks: Set<ReplyField>

    /// The most that this answer can prove: full grade needs number, amount and serial.
    ///
    /// For refusals the serial is not asked for: E3's tests apply to them without it. What the
    /// carrier has on record, or has not, is E4; whether it is about the attempt in question (its
    /// time, its serial), and whether the request can still arrive, is for the caller to see.
    package var gradeMax: Evidence.Grade {
        switch meaning {
        case .recharged, .reversed:
            lacks.isEmpty ? .answer : .answerLackingFields
        case .onRecord:
            lacks.isEmpty ? .carrierRecord : .answerLackingFields
        case .noRecord:
            lacks.isSubset(of: [.serial]) ? .carrierRecord : .answerLackingFields
        case .inProgress: lacks.isSubset(of: [.serial]) ? .answer : .answerLackingFields
        case .reversalRefused:
            original != nil || lacks.isSubset(of: [.serial]) ? .answer : .answerLackingFields
        case .badNumber, .notOurNumber, .refused, .busy, .tryElsewhere, .lowFloat, .wrongPIN,
            .pinBlocked:
            lacks.isSubset(of: [.serial]) ? .answer : .answerLackingFields
        case .balance, .information: .none
        }
    }
}
