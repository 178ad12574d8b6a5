/// The body of every order that changes something a person must answer for.
package struct ReasonBody: Codable, Hashable, Sendable, ReasonedBody {
    /// Why, in the person's words: it goes into the event.
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}
