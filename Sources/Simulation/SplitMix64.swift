import Recharge

/// A small seeded generator: the same seed gives the same run.
package struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Whether an event of this probability happens now, in percent.
    ///
    /// Draws nothing for 0 and 100, so that a switch which is off leaves a run as it was.
    mutating func happens(_ percent: Double) -> Bool {
        guard percent > 0 else { return false }
        guard percent < 100 else { return true }
        return Double.random(in: 0..<100, using: &self) < percent
    }

    mutating func duration(of latency: Latency) -> Duration {
        let least = latency.least.wholeMilliseconds
        let most = latency.most.wholeMilliseconds
        return .milliseconds(least >= most ? least : Int64.random(in: least...most, using: &self))
    }
}
