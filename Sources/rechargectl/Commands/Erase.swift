import ArgumentParser
import ControlAPI

/// Erases a phone number.
struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erase a phone number from all jobs that are final.",
        usage: "rechargectl erase <number> --reason <text> [<options>]",
        discussion: """
            The number, the customer's texts, the evidence and the messages that quote it go; \
            amounts, verdicts and the chain of events stay. It cannot be undone, and backups made \
            before still hold it. It needs an admin.

              rechargectl erase +8613800138000 --reason "request of 2026-11-20"
            """
    )

    @Argument(help: "The phone number.")
    var number: String

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let body = ErasureBody(number: number, reason: why.reason)
        let erasure: ErasureView = try await global.withGateway(for: .order) { client in
            try await client.post(ControlPath.erasures, body, key: OrderKey.random()).value
        }
        if global.json {
            try global.console.json(erasure)
        } else {
            try global.console.table(
                .fields([
                    ("jobs erased", Cell(erasure.jobs)),
                    ("messages blanked", Cell(erasure.messages)),
                    ("left alone", Cell(erasure.kept)),
                ])
            )
        }
        guard erasure.kept == 0 else {
            Console.note("What is left alone is not final or in dispute: erase it again then.")
            throw Ending(.notDone)
        }
    }
}
