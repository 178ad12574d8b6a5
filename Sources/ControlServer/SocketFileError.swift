/// Why a socket cannot be bound: place, cause and cure.
package struct SocketFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
