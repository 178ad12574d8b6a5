import ArgumentParser
import ControlAPI
import Recharge

/// Rejects a proposal.
struct ApprovalReject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Reject a change that was proposed.",
        usage: "rechargectl approval reject <proposal> --reason <text> [<options>]",
        discussion: "  rechargectl approval reject 7 --reason \"of another job\""
    )

    @Argument(help: "The proposal's number.")
    var proposal: Proposal.ID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.proposal(proposal, .reject)
        try global.show(try await global.order(path, reason: why.reason))
    }
}
