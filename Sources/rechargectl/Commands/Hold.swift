import ArgumentParser
import ControlAPI

/// Stops all dispatch.
struct Hold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop all dispatch until it is released.",
        usage: "rechargectl hold --reason <text> [<options>]",
        discussion: """
            No SIM takes a new job; what was sent goes on to its verdict. It stays stopped over a \
            restart.

              rechargectl hold --reason "the carrier is down"
            """
    )

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try Hold.show(try await global.order(ControlPath.hold, reason: why.reason), global)
    }

    static func show(_ view: HoldView, _ global: GlobalOptions) throws(Failure) {
        if global.json { return try global.console.json(view) }
        try global.console.table(
            .fields([
                ("dispatch", view.hold ? Cell("on hold", .bad) : Cell("going on", .good)),
                ("reason", Cell(view.reason)),
            ])
        )
    }
}
