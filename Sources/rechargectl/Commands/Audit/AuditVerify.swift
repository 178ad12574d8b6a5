import ArgumentParser
import ControlAPI

/// Proves the chain of events.
struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Find events that were changed, removed or cut off.",
        usage: "rechargectl audit verify [--head <head>] [<options>]",
        discussion: """
            Prints the head of the chain. Note it elsewhere: given again with --head, it proves \
            that nothing up to it was rewritten since.

              rechargectl audit verify
              rechargectl audit verify --head 4711:9f86d081…
            """
    )

    @Option(
        help: ArgumentHelp("A head that was printed before: number:hash.", valueName: "head")
    )
    var head: String?

    @OptionGroup var global: GlobalOptions

    private var noted: [(String, String?)] {
        let parts = (head ?? "").split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return [] }
        return [("sequence", String(parts[0])), ("hash", String(parts[1]))]
    }

    func validate() throws {
        guard head == nil || !noted.isEmpty else {
            throw ValidationError("--head \(head ?? ""): write it as it was printed, number:hash.")
        }
    }

    func run() async throws {
        let path = ControlPath.with(noted, ControlPath.auditVerify)
        let audit: AuditView = try await global.withGateway(for: .question, within: Verify.within) {
            try await $0.get(path)
        }
        if global.json {
            try global.console.json(audit)
        } else {
            try AuditVerify.show(audit, global.console)
        }
        guard audit.findings.isEmpty else { throw Ending(.notDone) }
    }

    static func show(_ audit: AuditView, _ console: Console) throws(Failure) {
        let isWhole = audit.findings.isEmpty
        try console.table(
            .fields([
                ("events", Cell(audit.events)),
                ("chain", isWhole ? Cell("whole", .good) : Cell("BROKEN", .bad)),
                ("head", Cell("\(audit.headSequence):\(audit.headHash)")),
            ])
        )
        for finding in audit.findings { try console.line(finding.visible) }
    }
}
