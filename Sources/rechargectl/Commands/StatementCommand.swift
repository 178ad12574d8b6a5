import ArgumentParser
import ControlAPI
import Recharge
import TextDecoding

/// All that concerns carriers' statements.
struct StatementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement",
        abstract: "Settle jobs in doubt by what the carrier says that it charged.",
        discussion: """
              rechargectl statement import november.csv --carrier cmcc \\
                --reason "monthly statement"
            """,
        subcommands: [StatementImport.self]
    )
}

/// Takes a carrier's statement.
struct StatementImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take a carrier's statement (CSV), laid out as its profile says.",
        usage: "rechargectl statement import <file> --carrier <name> --reason <text> [<options>]",
        discussion: """
            A line settles the job in doubt that has its number and amount at its time. What \
            speaks against a verdict opens a dispute; no verdict is flipped.

            That a job is not in the statement counts only where it is said to be complete: until \
            when, and for which SIM; and where it begins well before the job was sent: `desk` \
            says when. Do not say so of a statement that may lack something: jobs that it lacks \
            are sent again. Above the limit of recharged.yaml (approvals) a job \
            waits until another person imports the very same file.

              rechargectl statement import november.csv --carrier cmcc \\
                --reason "from the portal"
              rechargectl statement import november.csv --carrier cmcc \\
                --reason "from the portal" --sim 89860012340000000001 \\
                --covers-until 2026-12-01T00:00+08:00
            """
    )

    private static let fileBytesMax = 8 << 20

    @Argument(help: "The CSV file; - is standard input.", completion: .file(extensions: ["csv"]))
    var file: String

    @Option(
        help: ArgumentHelp("Whose statement it is: cmcc.", valueName: "name"),
        completion: Suggestions.carriers
    )
    var carrier: CarrierID

    @Option(help: ArgumentHelp("Only for attempts of this SIM (ICCID).", valueName: "iccid"))
    var sim: ICCID?

    @Flag(help: "With --covers-until: it is complete for all SIMs of the carrier.")
    var allSims = false

    @Option(
        help: "From when on it is complete; otherwise from its first line on.",
        transform: Timestamp.argument
    )
    var coversFrom: Timestamp?

    @Option(
        help: "Until when it is complete, with the zone: 2026-12-01T18:00+08:00.",
        transform: Timestamp.argument
    )
    var coversUntil: Timestamp?

    @Option(
        help: ArgumentHelp("The encoding; guessed otherwise.", valueName: "name")
    )
    var encoding: String?

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let encoding, TextEncoding(name: encoding) == nil {
            let known = TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--encoding \(encoding): write one of \(known).")
        }
        if coversUntil != nil, (sim == nil) != allSims {
            throw ValidationError("--covers-until: add --sim or --all-sims, whichever is true.")
        }
        if coversUntil == nil, allSims || coversFrom != nil {
            throw ValidationError("--all-sims and --covers-from go with --covers-until.")
        }
    }

    func run() async throws {
        let input = try InputFile(file)
        var body = StatementBody(
            carrier: carrier,
            name: input.name,
            csv: try text(of: input),
            reason: why.reason
        )
        body.sim = sim
        if allSims { body.allSims = true }
        body.coversFrom = coversFrom
        body.coversUntil = coversUntil
        let receipt = try await take(body)
        if global.json { return try global.console.json(receipt) }
        try show(receipt)
    }

    /// Brings the statement, and lists its mistakes when it is refused for them.
    private func take(_ body: StatementBody) async throws -> StatementReceipt {
        try await global.withGateway(for: .order) { client in
            do {
                let key = OrderKey.random()
                return try await client.post(ControlPath.statements, body, key: key).value
            } catch ControlClientError.refused(let problem) where problem.code == .badBatch {
                let listing = MistakeListing(
                    file: body.name,
                    mistakes: problem.mistakes ?? [],
                    omitted: problem.mistakesOmitted ?? 0
                )
                listing.show()
                if global.json { try global.console.json(problem) }
                throw Failure(
                    .badInput,
                    "\(body.name.visible): \(listing.count): \(problem.detail.visible)"
                )
            }
        }
    }

    private func text(of input: InputFile) throws(Failure) -> String {
        var text: [UInt8] = []
        try LocalCheck.read(input, encoding.flatMap { TextEncoding(name: $0) }) {
            (chunk: [UInt8]?) throws(Failure) in
            text += chunk ?? []
            guard text.count <= StatementImport.fileBytesMax else {
                let most = StatementImport.fileBytesMax >> 20
                throw Failure(.badInput, "\(input.name): more than \(most) MiB: split it")
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func show(_ receipt: StatementReceipt) throws(Failure) {
        let list = { (ids: [String]) in
            ids.isEmpty ? "none" : "\(ids.count): \(ids.joined(separator: ", "))"
        }
        try global.console.table(
            .fields([
                ("lines", Cell(receipt.lines)),
                ("on file already", Cell(receipt.agreed)),
                ("jobs succeeded", Cell(list(receipt.succeeded.map(\.description)))),
                ("jobs not executed", Cell(list(receipt.notExecuted.map(\.description)))),
                ("on the desk", Cell(list(receipt.contradicted.map(\.description)), .doubtful)),
                ("wait", Cell(list(receipt.waiting.map(\.description)), .doubtful)),
                ("disputes", Cell(list(receipt.disputes.map(\.description)), .doubtful)),
                ("unmatched", Cell(receipt.unmatched.count + receipt.unmatchedOmitted)),
            ])
        )
        if !receipt.waiting.isEmpty {
            Console.note(
                "Jobs above the limit for one person wait until another one imports this very file "
                    + "with the same --covers-from, --covers-until and --sim or --all-sims"
            )
        }
        guard !receipt.unmatched.isEmpty else { return }
        var table = TextTable(["LINE#", "LEFT BECAUSE"])
        for line in receipt.unmatched { table.add([Cell(line.line), Cell(line.reason)]) }
        try global.console.line()
        try global.console.table(table)
        if receipt.unmatchedOmitted > 0 { Console.note("and \(receipt.unmatchedOmitted) more") }
    }
}
