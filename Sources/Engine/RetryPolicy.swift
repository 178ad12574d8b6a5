package import Carriers
package import Recharge

/// What happens to a job whose attempt was proved not executed, by the kind of refusal.
///
/// Delays grow by doubling from the profile's base to its maximum, with full jitter in their upper
/// half, so that many SIMs refused at once do not come back at once.
package struct RetryPolicy: Hashable, Sendable {
    package var attemptsMax: Int
    package var delayBase: Duration
    package var delayMax: Duration

    package init(attemptsMax: Int, delayBase: Duration, delayMax: Duration) {
        self.attemptsMax = attemptsMax
        self.delayBase = delayBase
        self.delayMax = delayMax
    }

    /// The delay before another try.
    ///
    /// - Parameters:
    ///   - failures: how many failures there were, 1 for the first.
    ///   - jitter: a random number; all of its range is used.
    /// - Returns: between half of the grown delay and all of it.
    package func delay(afterFailures failures: Int, jitter: UInt64) -> Duration {
        let doublings = max(0, min(failures - 1, 30))
        let grown = min(delayBase * (1 << doublings), delayMax)
        let half = grown / 2
        return half + half * (Double(jitter >> 11) / Double(UInt64.max >> 11))
    }

    /// Where a job goes after the carrier refused its attempt; nil if the answer refuses nothing.
    package func following(
        _ meaning: ReplyMeaning,
        attempt ordinal: Int,
        jitter: UInt64
    ) -> Settlement.Following? {
        switch meaning {
        case .recharged, .reversed, .inProgress, .balance, .information, .onRecord, .noRecord: nil
        case .badNumber, .refused, .reversalRefused: .fail
        case .notOurNumber: .hold(.notOurNumber)
        case .busy: tryAgain(ordinal, elsewhere: false, jitter: jitter)
        case .tryElsewhere, .lowFloat, .wrongPIN, .pinBlocked:
            tryAgain(ordinal, elsewhere: true, jitter: jitter)
        }
    }

    /// Another try while attempts are left, after a growing delay; then the job has failed.
    package func tryAgain(
        _ ordinal: Int,
        elsewhere: Bool,
        jitter: UInt64
    ) -> Settlement.Following {
        guard ordinal < attemptsMax else { return .fail }
        let delay = elsewhere ? .zero : delay(afterFailures: ordinal, jitter: jitter)
        return .tryAgain(after: delay, elsewhere: elsewhere)
    }
}
