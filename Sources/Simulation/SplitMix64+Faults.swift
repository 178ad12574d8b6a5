import Engine
import Recharge

extension SplitMix64 {
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
