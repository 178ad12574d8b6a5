import Glibc

/// What the simulation could not do, where, and why, for the person who started it.
package struct SimulationError: Error, Hashable, Sendable, CustomStringConvertible {
    package var action: String
    package var place: String
    package var reason: String

    package init(_ action: String, _ place: String, _ reason: String) {
        self.action = action
        self.place = place
        self.reason = reason
    }

    init(_ action: String, _ place: String, errno code: CInt) {
        self.init(action, place, String(cString: strerror(code)))
    }

    package var description: String { "\(place): cannot \(action): \(reason)" }
}
