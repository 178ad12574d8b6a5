import JobStorage

/// Who is at the other end of a connection, as the kernel says.
struct Peer: Hashable, Sendable {
    var uid: UInt32
    var name: String?
    /// The names of all the user's groups.
    var groups: Set<String>

    /// How the peer stands in events: `uid:1000(mei)`.
    var actor: JobStorage.Actor {
        Actor(name.map { "uid:\(uid)(\($0))" } ?? "uid:\(uid)")
    }

    /// Whose idempotency keys these are: names change hands, numbers hardly.
    var client: String { "uid:\(uid)" }
}
