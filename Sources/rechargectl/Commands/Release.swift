import ArgumentParser
import ControlAPI

/// Lets dispatch go on.
struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let dispatch go on after a hold.",
        usage: "rechargectl release --reason <text> [<options>]",
        discussion: """
            To release a single job: rechargectl job release.

              rechargectl release --reason "the carrier is back"
            """
    )

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try Hold.show(try await global.order(ControlPath.release, reason: why.reason), global)
    }
}
