import Foundation

/// What a campaign of `etc/prove` came to: one line of JSON, and whether it held.
///
/// ```json
/// {"name":"simulation","runs":1000,"violations":0,"seconds":41.2,
///  "replay":"etc/prove simulation --seeds 1 --from 17","met":{"lost answer":{"armed":12}}}
/// ```
package struct ProofReport: Sendable {
    package var name: String
    package var runs = 0
    /// One sentence each; printed before the line of JSON.
    package var violations: [String] = []
    /// The command that repeats the first violation, or the whole run when there is none.
    package var replay: String
    /// How often each fault met each state.
    package private(set) var met: [String: [String: Int]] = [:]
    private let begun = ContinuousClock.now

    package init(name: String, replay: String) {
        self.name = name
        self.replay = replay
    }

    /// Demands that a fault meets a state at least once; a pair that never does is a violation.
    package mutating func expect(_ fault: String, in states: some Sequence<String>) {
        for state in states { met[fault, default: [:]][state, default: 0] += 0 }
    }

    /// Counts a meeting; none at all demands nothing.
    package mutating func count(_ fault: String, in state: String, times: Int = 1) {
        guard times > 0 else { return }
        met[fault, default: [:]][state, default: 0] += times
    }

    /// Adds what a part of the campaign counted.
    package mutating func add(_ counts: [String: [String: Int]]) {
        for (fault, states) in counts {
            for (state, times) in states { count(fault, in: state, times: times) }
        }
    }

    /// The pairs of fault and state that were demanded and never met.
    package var unmet: [String] {
        met.flatMap { fault, states in
            states.filter { $0.value == 0 }.map { "\(fault) never met \($0.key)" }
        }.sorted()
    }

    /// Whether the campaign held: something ran, nothing was violated, every pair met.
    package var holds: Bool { runs > 0 && violations.isEmpty && unmet.isEmpty }

    /// The violations and the unmet pairs, a line each, then the line of JSON.
    package var text: String {
        let elapsed = begun.duration(to: .now)
        let tenths =
            elapsed.components.seconds * 10
            + elapsed.components.attoseconds / 100_000_000_000_000_000
        let table = met.sorted { $0.key < $1.key }.map { fault, states in
            let cells = states.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\($0.value)" }
            return "\(quoted(fault)):{\(cells.joined(separator: ","))}"
        }
        let line =
            "{\"name\":\(quoted(name)),\"runs\":\(runs),\"violations\":\(violations.count)"
            + ",\"seconds\":\(tenths / 10).\(tenths % 10),\"replay\":\(quoted(replay))"
            + ",\"met\":{\(table.joined(separator: ","))}}"
        return (violations + unmet + [line]).joined(separator: "\n")
    }

    private func quoted(_ text: String) -> String {
        let escaped = text.replacingOccurrences(of: "\\", with: "\\\\")
            .replacingOccurrences(of: "\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
