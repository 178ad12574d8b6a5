import ArgumentParser

/// All that concerns transceivers.
struct ModemCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "modem",
        abstract: "List the transceivers.",
        discussion: "  rechargectl modem list",
        subcommands: [ModemList.self]
    )
}
