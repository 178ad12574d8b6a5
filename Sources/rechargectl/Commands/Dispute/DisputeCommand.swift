import ArgumentParser

/// All that concerns disputes.
struct DisputeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispute",
        abstract: "See, open and close disputes, and write one down for the carrier.",
        discussion: """
            A verdict is never flipped: what speaks against it stands beside it, as a dispute.

              rechargectl dispute list
              rechargectl dispute open 42 --reason "nothing arrived, he says"
              rechargectl dispute pack 3 --out dispute-3.html
              rechargectl dispute close 3 --rejected --reason "the carrier confirms it"
            """,
        subcommands: [DisputeList.self, DisputeOpen.self, DisputeClose.self, DisputePack.self]
    )
}
