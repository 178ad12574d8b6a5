import ArgumentParser

/// Stands in for transceivers, their SIMs and the carrier's recharge centre.
@main
struct ModemSim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "modemsim",
        abstract: "Simulated GSM transceivers on ttys, and a recharge centre behind them.",
        discussion: """
            The transceivers appear in a folder as modem01, modem02 and so on. Each is an AT modem \
            with a SIM of its own; programs such as gammu, smstools and Kannel can use it. A \
            recharge is a message “CZ#number#amount#PIN” to 10086; the centre charges it, writes \
            it to the ledger, and answers by SMS.
            """,
        subcommands: [
            RunCommand.self, TellCommand.self, ForgeCommand.self, LedgerCommand.self,
            StatementCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )
}
