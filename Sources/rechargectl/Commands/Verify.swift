import ArgumentParser
import ControlAPI

/// Checks all that is kept.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the books, the chain of events, and the database.",
        usage: "rechargectl verify [<options>]",
        discussion: """
            Adds up every float, walks the chain of events, and reads the whole database. With a \
            finding it ends with status 1: keep the queue on hold, and make a backup.

              rechargectl verify
            """
    )

    /// Reading everything takes its time.
    static let within = Duration.seconds(1800)

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let view: VerificationView = try await global.withGateway(
            for: .question,
            within: Verify.within
        ) { try await $0.get(ControlPath.verify) }
        if global.json {
            try global.console.json(view)
        } else {
            try show(view)
        }
        guard view.findings.isEmpty else { throw Ending(.notDone) }
    }

    private func show(_ view: VerificationView) throws(Failure) {
        let console = global.console
        let books = view.books
        try console.table(
            .fields([
                ("books", verdict(books.findings, "balance")),
                ("SIMs", Cell(books.sims)),
                ("movements", Cell(books.movements)),
                ("database", verdict(view.integrity, "sound")),
            ])
        )
        try AuditVerify.show(view.audit, console)
        for finding in books.findings + view.integrity { try console.line(finding.visible) }
    }

    private func verdict(_ findings: [String], _ good: String) -> Cell {
        findings.isEmpty
            ? Cell(good, .good) : Cell("\(findings.count) findings, see below", .bad)
    }
}
