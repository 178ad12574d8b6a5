/// Finds the role of a peer.
///
/// A rule for the user decides; else the highest role of the user's groups; else the default of the
/// socket: submitter on the control socket, viewer on the read socket.
struct RoleBook: Hashable, Sendable {
    var rules: [RoleRule]
    /// Root and the daemon's own user, who cannot lock themselves out.
    var adminUIDs: Set<UInt32>

    func role(of peer: Peer, otherwise role: Role) -> Role {
        if adminUIDs.contains(peer.uid) { return .admin }
        let own = rules.filter { $0.subject == .uid(peer.uid) }.map(\.role)
        if let role = own.max() { return role }
        let shared = rules.filter { rule in
            switch rule.subject {
            case .uid: false
            case .group(let name): peer.groups.contains(name)
            }
        }
        return shared.map(\.role).max() ?? role
    }
}
