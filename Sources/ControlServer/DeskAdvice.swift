import Recharge

/// What would settle a job in doubt, in words.
struct DeskAdvice {
    let job: Job
    let attempt: Attempt
    /// What the gateway can ask the carrier of its own accord.
    let questions: Set<Inquiry.Kind>
    /// Whether an answer on file says that it was executed, or is in hand.
    let isSpokenFor: Bool
    let now: Timestamp

    var ways: [String] {
        let order = "this number and amount"
        var ways = [
            "an answer on SIM \(attempt.sim) that names \(order), with a serial number not seen "
                + "before: it is waited for"
        ]
        if let deadAt = attempt.deadAt, deadAt > now {
            ways.append(
                "before \(deadAt.rfc3339) its request can still arrive: until then nothing shows "
                    + "that it was not executed"
            )
        }
        if isSpokenFor {
            ways.append(
                "an answer says that it was executed, or is in hand, and does not prove it: that "
                    + "the carrier shows no record settles nothing"
            )
        }
        if !attempt.isReversal { ways += questionsAsked + [statement] }
        let verdict = "rechargectl desk resolve \(job.id)"
        ways.append(
            "a person who knows, with a file that shows it: \(verdict) --succeeded --evidence FILE "
                + "--reason TEXT, or with --not-executed"
        )
        return ways
    }

    private var questionsAsked: [String] {
        Inquiry.Kind.allCases.filter { kind in
            questions.contains(kind) && !(isSpokenFor && kind == .balance)
        }.map { kind in
            switch kind {
            case .history: "the carrier's record of it, which the gateway asks for by itself"
            case .reconfirm:
                "the carrier's answer to a repetition that it never pays twice: the gateway asks "
                    + "as long as the profile allows"
            case .balance:
                "the float of the SIM, unchanged twice while it does nothing else: the gateway asks"
            }
        }
    }

    private var statement: String {
        let skew = CarrierStatement.clockSkew + attempt.clockError
        let past =
            attempt.deadAt.map { deadAt in
                let from = attempt.armedAt.advanced(by: .zero - (attempt.life ?? .zero) - skew)
                return ", covering \(from.rfc3339) to past \(deadAt.advanced(by: skew).rfc3339)"
            } ?? ""
        return "the carrier's statement\(past): rechargectl statement import FILE --carrier "
            + "\(job.order.carrier) --reason TEXT"
    }
}
