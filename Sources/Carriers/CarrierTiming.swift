/// How long a carrier is waited for.
package struct CarrierTiming: Hashable, Sendable {
    /// How long a modem may take to prompt for the payload; nil: as the modem's family says.
    package let prompt: Duration?
    /// How long a worker waits after the commit point until it calls the attempt unknown.
    package let answerWithin: Duration
    /// How long the network may keep the request before it delivers or drops it (the SUBMIT's
    /// validity period, 3GPP 23.040 §9.2.3.12): whole five minutes, up to 12 hours.
    package let validity: Duration
    /// How long after the validity an answer may still come; the SIM stays fenced as long.
    package let lateWithin: Duration
    package let retry: CarrierRetry
}

/// How a job is tried again after a proof that nothing was executed.
package struct CarrierRetry: Hashable, Sendable {
    /// The wait before the second attempt; each further wait is twice the one before.
    package let first: Duration
    /// No wait is longer.
    package let max: Duration
    package let attemptsMax: Int

    /// How long to wait after an attempt, 1 for a job's first; nil when no attempt is left.
    package func wait(afterAttempt ordinal: Int) -> Duration? {
        guard ordinal < attemptsMax else { return nil }
        var wait = first
        for _ in 1..<Swift.max(1, ordinal) where wait < max { wait *= 2 }
        return Swift.min(wait, max)
    }
}
