/// A body with the reason of the person who orders.
package protocol Reasoned: Codable {
    var reason: String { get }
}

/// The body of every order that changes something a person must answer for.
package struct ReasonBody: Codable, Hashable, Sendable, Reasoned {
    /// Why, in the person's words: it goes into the event.
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}
