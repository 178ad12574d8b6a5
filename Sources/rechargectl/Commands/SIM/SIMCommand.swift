import ArgumentParser

/// All that concerns SIMs.
struct SIMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sim",
        abstract: "List SIMs, pause and resume them, and enrol new ones.",
        discussion: """
              rechargectl sim list
              rechargectl sim enrol 89860000000000000017 --reason "new card in slot 3"
              rechargectl sim pause 89860000000000000017 --reason "count the float"
            """,
        subcommands: [
            SIMList.self, SIMPause.self, SIMResume.self, SIMEnrol.self,
            SIMReconcile.self,
        ]
    )
}
