import ArgumentParser

/// All that concerns jobs in doubt.
struct DeskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "desk",
        abstract: "See the jobs in doubt and settle them by hand.",
        discussion: """
              rechargectl desk
              rechargectl desk resolve 42 --succeeded --serial S123 --evidence letter.pdf \\
                --reason "the carrier says so"
            """,
        subcommands: [DeskList.self, DeskResolve.self],
        defaultSubcommand: DeskList.self
    )
}
