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
    /// What its wording does not name.
    package let lacks: Set<ReplyField>

    /// The most that this answer can prove: full grade needs number, amount and serial.
    ///
    /// For refusals the serial is not asked for: E3's tests apply to them without it.
    package var gradeMax: Evidence.Grade {
        switch meaning {
        case .recharged:
            lacks.isEmpty ? .answer : .answerLackingFields
        case .badNumber, .notOurNumber, .refused, .busy, .tryElsewhere, .lowFloat, .wrongPIN,
            .pinBlocked:
            lacks.isSubset(of: [.serial]) ? .answer : .answerLackingFields
        case .inProgress, .balance, .information: .none
        }
    }
}
