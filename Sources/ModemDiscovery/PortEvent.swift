/// A change in the set of ports.
package enum PortEvent: Hashable, Sendable {
    case arrived(DiscoveredPort)
    /// The path as it arrived; a port that was replaced departs before it arrives again.
    case departed(path: String)
    /// A source cannot see (all of) its ports, or not at once; said once per source and reason.
    ///
    /// The periodic scan goes on regardless.
    case failed(PortSource, reason: String)
}
