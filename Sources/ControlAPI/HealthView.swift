/// The answer to `GET /healthz` and `GET /readyz`.
package struct HealthView: Codable, Hashable, Sendable {
    /// `alive` or `ready`.
    package var status: String

    package init(status: String) {
        self.status = status
    }
}
