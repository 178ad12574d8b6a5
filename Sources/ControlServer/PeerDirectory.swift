import Glibc
import NIOCore

/// Looks peers up; an actor because all connections share what it remembers.
///
/// Names and groups may come from a server far away, so an answer is kept for a minute.
actor PeerDirectory {
    private static let keptFor = Duration.seconds(60)

    private struct Entry {
        var peer: Peer
        var readAt: ContinuousClock.Instant
    }

    private var entries: [UInt32: Entry] = [:]

    /// The peer of a connection's socket (SO_PEERCRED); nil when the kernel does not tell.
    func peer(of channel: any Channel) async throws -> Peer? {
        guard let provider = channel as? any SocketOptionProvider else { return nil }
        let option = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        let credentials: PeerCredentials = try await provider.unsafeGetSocketOption(
            level: .socket,
            name: option
        ).get()
        return peer(credentials.uid, credentials.gid)
    }

    private func peer(_ uid: UInt32, _ gid: UInt32) -> Peer {
        let now = ContinuousClock.now
        if let entry = entries[uid], entry.readAt.duration(to: now) < PeerDirectory.keptFor {
            return entry.peer
        }
        let name = Accounts.name(of: uid)
        let numbers = name.map { Accounts.groups(of: $0, primary: gid) } ?? [gid]
        let peer = Peer(
            uid: uid,
            name: name,
            groups: Set(numbers.compactMap(Accounts.groupName))
        )
        entries[uid] = Entry(peer: peer, readAt: now)
        return peer
    }
}

/// The layout of `struct ucred`, which Swift does not see.
private struct PeerCredentials: Sendable {
    var pid: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
}
