import ArgumentParser

/// All that concerns carrier profiles.
struct ProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "List the carrier profiles.",
        discussion: "  rechargectl profile list",
        subcommands: [ProfileList.self]
    )
}
