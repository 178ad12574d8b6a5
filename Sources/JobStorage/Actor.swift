/// Who does something: a person by the uid of the socket's peer, or the gateway itself.
package struct Actor: Hashable, Sendable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    package static let gateway = Actor("gateway")
    package var description: String { name }
}
