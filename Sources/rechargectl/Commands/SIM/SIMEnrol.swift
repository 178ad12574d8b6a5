import ArgumentParser
import ControlAPI
import Recharge

/// Enrols a SIM.
struct SIMEnrol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: "Let a SIM work in the transceiver it was seen in.",
        usage: "rechargectl sim enrol <iccid> --reason <text> [<options>]",
        discussion: """
            A new SIM, or one found in another transceiver, waits for this, and for a second \
            person who approves it.

              rechargectl sim enrol 89860000000000000017 --reason "new card in slot 3"
            """
    )

    @Argument(help: "The SIM's ICCID, 18 to 22 digits.", completion: Suggestions.sims)
    var iccid: ICCID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.sim(iccid, .enrol)
        let view: SIMView = try await global.order(path, reason: why.reason)
        if global.json { return try global.console.json(view) }
        try global.console.table(SIMList.table([view]))
        if let proposal = view.proposal { Console.waitsForSecondPerson(proposal) }
    }
}
