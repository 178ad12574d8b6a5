import ArgumentParser

/// All that concerns the SIMs' floats.
struct FloatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "float",
        abstract: "Show the SIMs' floats, record top-ups, and reconcile with the carrier.",
        discussion: """
              rechargectl float
              rechargectl float show 89860000000000000017
              rechargectl float topup 89860000000000000017 5000 --reason "transfer 4711"
              rechargectl float reconcile 89860000000000000017 --reason "statement of May"
            """,
        subcommands: [
            FloatList.self, FloatShow.self, FloatTopUp.self, FloatReconcile.self,
        ],
        defaultSubcommand: FloatList.self
    )
}
