/// The caller's number for one submission of a command.
///
/// The caller never uses a number twice on one channel: late lines and stale payloads are told
/// apart by it.
package struct ATCommandID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package var description: String { "command \(rawValue)" }

    package static func < (left: ATCommandID, right: ATCommandID) -> Bool {
        left.rawValue < right.rawValue
    }
}
