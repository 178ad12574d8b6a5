import Recharge

/// What would settle a job in doubt, in words.
struct DeskAdvice {
    let job: Job
    let attempt: Attempt
    let now: Timestamp

    var ways: [String] {
        var ways = [
            "an answer on SIM \(attempt.sim) that names this number and amount, with a serial "
                + "number not seen before: it is waited for"
        ]
        if let deadAt = attempt.deadAt, deadAt > now {
            ways.append(
                "before \(deadAt.rfc3339) its request can still arrive: until then nothing shows "
                    + "that it was not executed"
            )
        } else {
            ways.append(
                "the carrier's answer to a history query, or the exact change of the SIM's balance"
            )
        }
        let until = attempt.deadAt.map { " covering past \($0.rfc3339)" } ?? ""
        ways.append(
            "the carrier's statement\(until): rechargectl statement import FILE --carrier "
                + "\(job.order.carrier)"
        )
        ways.append(
            "a person who knows, with a file that shows it: rechargectl desk resolve \(job.id)"
        )
        return ways
    }
}
