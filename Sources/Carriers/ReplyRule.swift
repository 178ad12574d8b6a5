/// What an answer of the carrier means for the job and for the SIM that received it.
package enum ReplyMeaning: String, Hashable, Sendable, CaseIterable {
    /// The recharge was executed.
    case recharged
    /// The carrier has the request and has not decided. A note on the attempt, not an end.
    case inProgress = "in_progress"
    /// Not executed: there is no such number, or it cannot be recharged. The job fails.
    case badNumber = "bad_number"
    /// Not executed: the number belongs to another carrier. The job is held for a person.
    case notOurNumber = "not_our_number"
    /// Not executed, for a reason that stays. The job fails.
    case refused
    /// Not executed: the centre is busy. The same SIM may try again later.
    case busy
    /// Not executed: this SIM may not, another may. Another SIM first.
    case tryElsewhere = "try_elsewhere"
    /// Not executed: the SIM's float does not cover it. Another SIM first.
    case lowFloat = "low_float"
    /// Not executed: the PIN is wrong. The SIM is paused at once, another tries.
    case wrongPIN = "wrong_pin"
    /// Not executed: the PIN is blocked. The SIM is paused.
    case pinBlocked = "pin_blocked"
    /// A statement of the float; about no attempt.
    case balance
    /// The carrier's own record of an executed recharge: the answer to a history inquiry.
    case onRecord = "on_record"
    /// The carrier has no record of such a recharge.
    ///
    /// It proves nothing while the request may still arrive.
    case noRecord = "no_record"
    /// A recharge was reversed.
    case reversed
    /// A recharge was not reversed.
    case reversalRefused = "reversal_refused"
    /// Anything else that the carrier sends and that is about no attempt.
    case information
}

extension ReplyMeaning: CustomStringConvertible {
    /// For people: what stands behind "the carrier says".
    package var description: String {
        switch self {
        case .recharged: "recharged"
        case .inProgress: "in progress"
        case .badNumber: "the number does not exist or cannot be recharged"
        case .notOurNumber: "the number belongs to another carrier"
        case .refused: "refused"
        case .busy: "busy, try later"
        case .tryElsewhere: "this SIM has reached its limit"
        case .lowFloat: "the SIM's float does not cover it"
        case .wrongPIN: "the PIN is wrong"
        case .pinBlocked: "the PIN is blocked"
        case .balance: "a statement of the float"
        case .onRecord: "the recharge is on record"
        case .noRecord: "no such recharge is on record"
        case .reversed: "the recharge was reversed"
        case .reversalRefused: "the reversal was refused"
        case .information: "a notice"
        }
    }
}

/// A field that an answer of full grade names.
package enum ReplyField: String, Hashable, Sendable, CaseIterable {
    case number
    case amount
    case serial
}

/// One wording of the carrier and what it means.
package struct ReplyRule: Hashable, Sendable {
    /// What logs, evidence and samples call it; unique in its profile.
    package let name: String
    package let meaning: ReplyMeaning
    package let template: ReplyTemplate

    /// The fields that the wording does not name; its answers are of lower grade (E2).
    ///
    /// A masked number counts as lacking: it can contradict a job but not prove one.
    package var lacks: Set<ReplyField> {
        let captures = template.captures
        var lacks: Set<ReplyField> = []
        if !captures.contains(.number) { lacks.insert(.number) }
        if !captures.contains(.amount) { lacks.insert(.amount) }
        if !captures.contains(.serial) { lacks.insert(.serial) }
        return lacks
    }
}
