import ArgumentParser
import ControlAPI
import Recharge

/// Approves a proposal.
struct ApprovalApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a change that another person proposed; it happens at once.",
        usage: "rechargectl approval approve <proposal> --reason <text> [<options>]",
        discussion: "  rechargectl approval approve 7 --reason \"seen the letter\""
    )

    @Argument(help: "The proposal's number.")
    var proposal: Proposal.ID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.proposal(proposal, .approve)
        try global.show(try await global.order(path, reason: why.reason))
    }
}
