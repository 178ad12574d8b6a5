import ArgumentParser
import ControlAPI
import Recharge

/// Closes a dispute.
struct DisputeClose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Close a dispute; the verdict stands as it is.",
        usage: "rechargectl dispute close <dispute> (--upheld | --rejected | --corrected) "
            + "--reason <text>",
        discussion: """
            --upheld: the complaint was right. --rejected: the verdict was. --corrected: the books \
            were put right beside the verdict, by a reversal or an adjustment.

              rechargectl dispute close 3 --rejected \\
                --reason "the carrier confirms the charge"
            """
    )

    /// How a dispute ends.
    enum Ending: String, EnumerableFlag {
        case upheld
        case rejected
        case corrected

        var state: Dispute.State {
            switch self {
            case .upheld: .upheld
            case .rejected: .rejected
            case .corrected: .corrected
            }
        }
    }

    @Argument(help: "The dispute's number.")
    var dispute: Dispute.ID

    @Flag(help: "What it came to.")
    var ending: Ending

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let body = CloseBody(state: ending.state, reason: why.reason)
        let view: DisputeView = try await global.order(ControlPath.closing(dispute), body)
        if global.json { return try global.console.json(view) }
        try global.console.table(.disputes([view]))
    }
}
