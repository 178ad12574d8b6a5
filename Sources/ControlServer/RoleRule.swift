/// Who has a role: one line of the configuration key `roles`.
package struct RoleRule: Hashable, Sendable {
    /// A user by number, or everybody in a group by the group's name.
    package enum Subject: Hashable, Sendable {
        case uid(UInt32)
        case group(String)
    }

    package var subject: Subject
    package var role: Role

    package init(_ subject: Subject, _ role: Role) {
        self.subject = subject
        self.role = role
    }
}
