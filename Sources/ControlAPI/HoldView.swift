/// The answer to `POST /v1/hold` and `POST /v1/release`.
package struct HoldView: Codable, Hashable, Sendable {
    package var hold: Bool
    package var reason: String

    package init(hold: Bool, reason: String) {
        self.hold = hold
        self.reason = reason
    }
}
