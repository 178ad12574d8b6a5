import ControlAPI
import Recharge

/// How far a batch has come and how fast it goes, from one look after another.
///
/// Pure: it is told what was seen and when, so that its figures can be tested.
struct BatchProgress: Sendable {
    /// The rate is taken over the last looks, so that it follows what happens now.
    private static let window = Duration.seconds(10)
    /// Below this the rate would only be noise.
    private static let windowMin = Duration.milliseconds(500)

    private struct Look: Sendable {
        var at: Duration
        var settled: Int
    }

    private(set) var view: BatchView?
    private var looks: [Look] = []

    /// Takes what was seen.
    ///
    /// - Parameters:
    ///   - view: the batch.
    ///   - time: of a clock that never goes back.
    mutating func observe(_ view: BatchView, at time: Duration) {
        self.view = view
        looks.append(Look(at: time, settled: view.settledCount))
        while looks.count > 2, time - looks[1].at >= BatchProgress.window { looks.removeFirst() }
    }

    var lastLook: Duration? { looks.last?.at }

    /// Jobs a second; nil as long as nothing tells.
    var rate: Double? {
        guard let first = looks.first, let last = looks.last else { return nil }
        let span = last.at - first.at
        guard span >= BatchProgress.windowMin, last.settled > first.settled else { return nil }
        return Double(last.settled - first.settled) * 1000 / Double(span.wholeMilliseconds)
    }

    /// How long the rest will take at this rate.
    var timeLeft: Duration? {
        guard let rate, let view, view.settledCount < view.rows else { return nil }
        return .milliseconds(Int64(Double(view.rows - view.settledCount) / rate * 1000))
    }
}

extension BatchView {
    /// How many jobs need no more waiting: final, or waiting for evidence or for a person.
    var settledCount: Int { finished + count(.unknown) + count(.held) }

    var isSettled: Bool {
        switch state {
        case .staging: false
        case .open, .held, .closed, .cancelled: settledCount >= rows
        }
    }

    /// Whether it stands where it stood; the daemon's own rate changes with every look.
    func isLike(_ other: BatchView?) -> Bool {
        guard var other else { return false }
        other.ratePerMinute = ratePerMinute
        return self == other
    }

    var hasSucceeded: Bool { count(.succeeded) == rows }
}
