import ArgumentParser

/// The chain of events.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "List who changed what and why, and prove that nothing of it was changed.",
        discussion: """
              rechargectl audit list --actor "uid:1000(mei)" --since 2026-11-01T00:00Z
              rechargectl audit verify
            """,
        subcommands: [AuditList.self, AuditVerify.self]
    )
}
