import ControlAPI
import Recharge

/// One line that shows how far a batch has come.
///
/// ```
/// [██████░░░░] 23/40  succeeded 20  failed 2  unknown 1  3.2/s  6 s left
/// ```
enum ProgressLine {
    private static let barColumns = 10...30
    /// What the figures beside the bar usually take.
    private static let figureColumns = 70

    static func text(_ progress: BatchProgress, width: Int) -> String {
        guard let view = progress.view else { return "" }
        let room = min(max(width - figureColumns, barColumns.lowerBound), barColumns.upperBound)
        var parts = ["\(bar(view, columns: room)) \(view.settledCount)/\(view.rows)"]
        let shown: [JobState] = [
            .succeeded, .failed, .unknown, .held, .cancelled, .expired, .scheduled,
        ]
        parts += shown.compactMap { state in
            let count = view.count(state)
            return count > 0 ? "\(state.rawValue) \(count)" : nil
        }
        if view.state == .held { parts.append("paused") }
        if let rate = progress.rate { parts.append(text(rate: rate)) }
        if let left = progress.timeLeft { parts.append("\(text(left)) left") }
        return parts.joined(separator: "  ").prefix(columns: max(width - 1, 1))
    }

    /// The bar is full only when everything is settled.
    private static func bar(_ view: BatchView, columns: Int) -> String {
        let full = view.rows > 0 ? view.settledCount * columns / view.rows : columns
        let filled = min(max(full, 0), columns)
        return "[" + String(repeating: "█", count: filled)
            + String(repeating: "░", count: columns - filled) + "]"
    }

    private static func text(rate: Double) -> String {
        let tenths = Int((rate * 10).rounded())
        if tenths >= 1000 { return "\(tenths / 10)/s" }
        if tenths >= 10 { return "\(tenths / 10).\(tenths % 10)/s" }
        return "\(max(1, Int((rate * 60).rounded())))/min"
    }

    /// A duration as people say it: `6 s`, `4 min 10 s`, `2 h 5 min`.
    static func text(_ duration: Duration) -> String {
        let seconds = (duration.wholeMilliseconds + 999) / 1000
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600:
            let rest = seconds % 60
            return rest == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(rest) s"
        default:
            let minutes = seconds / 60 % 60
            return minutes == 0 ? "\(seconds / 3600) h" : "\(seconds / 3600) h \(minutes) min"
        }
    }
}
