import ArgumentParser
import ControlAPI
import Glibc
import Recharge
import TextDecoding

/// Orders what a CSV file says.
struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Order what a CSV file says.",
        usage: "rechargectl submit <file> [<options>]",
        discussion: """
            The file needs the columns number and amount; it may have reference, carrier, \
            priority, not_before, deadline, note and repeat. One bad row refuses the whole file, \
            and every mistake is listed with its line, column and cure.

            The same file sent twice is the same batch: nothing is ordered twice. A file that was \
            sent under another key, and one with rows that were ordered before under the same \
            reference, is refused; a row that looks like a duplicate is held. Who means it gives \
            another --key and --allow-duplicates: the batch then waits for a second person.

            Check first, then order and watch:
              rechargectl submit orders.csv --dry-run
              rechargectl submit orders.csv --watch --results results.csv

            Take the good rows; the others go to orders.csv.refused.csv:
              rechargectl submit orders.csv --accept-valid

            From a pipe:
              sort orders.csv | rechargectl submit -
            """
    )

    @Argument(
        help: ArgumentHelp("The CSV file; - is standard input.", valueName: "file"),
        completion: .file(extensions: ["csv"])
    )
    var path: String

    @Flag(help: "Check only: rows, sums, float and expected time.")
    var dryRun = false

    @Flag(help: "Show the progress until no job is left to wait for, then the verdicts.")
    var watch = false

    @Flag(help: "Take the good rows, and write the bad ones to <file>.refused.csv.")
    var acceptValid = false

    @Flag(help: "What looks like a duplicate is meant; a second person approves it.")
    var allowDuplicates = false

    @Option(
        help: ArgumentHelp("The carrier, such as cmcc, of rows that name none.", valueName: "name"),
        completion: Suggestions.carriers
    )
    var carrier: CarrierID?

    @Option(
        help: ArgumentHelp(
            "The file's encoding, such as gbk; otherwise guessed.",
            valueName: "name"
        )
    )
    var encoding: String?

    @Option(
        help: ArgumentHelp("What tells this order from a repeat.", valueName: "text")
    )
    var key: String?

    @Option(
        help: ArgumentHelp("Write the results there when done; watches.", valueName: "file"),
        completion: .file(extensions: ["csv"])
    )
    var results: String?

    @Option(
        help: ArgumentHelp(
            "Carrier profiles for a dry run without the daemon.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var carriers: String?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let encoding, TextEncoding(name: encoding) == nil {
            let known = TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--encoding \(encoding): write one of \(known).")
        }
        if dryRun, watch || results != nil || acceptValid {
            throw ValidationError(
                "--dry-run orders nothing: leave out --watch, --results and --accept-valid."
            )
        }
        try OrderKeyOption.validate(key)
    }

    func run() async throws {
        let file = try InputFile(path)
        let submission = BatchSubmission(
            file: file,
            path: path,
            encoding: encoding.flatMap { TextEncoding(name: $0) },
            carrier: carrier,
            key: key,
            allowsDuplicates: allowDuplicates
        )
        if dryRun { return try await check(submission) }
        // A file that cannot be made must say so before anything is ordered.
        let output = try results.map { path throws(Failure) in try OutputFile(path) }
        let receipt = try await order(submission)
        let isWhole = try report(receipt, submission)
        // What an earlier run left is not taken for the results of this one.
        try output?.clear()
        var hasSucceeded = true
        if watch || results != nil {
            let batch = receipt.value.batch.id
            hasSucceeded = try await BatchWatch(id: batch, global: global).run().hasSucceeded
            if let results, let output {
                try await ResultsDownload(batch: batch, global: global).write(
                    output,
                    named: results
                )
            }
        }
        guard isWhole, hasSucceeded else { throw Ending(.notDone) }
    }

    private func check(_ submission: BatchSubmission) async throws {
        let found: DryRun
        do {
            let report = try await global.withGateway(for: .order) {
                try await submission.check($0)
            }
            found = DryRun(report: report, checked: .init(daemon: true, numberPlans: true))
        } catch let failure as Failure where failure.status == .unreachable {
            found = try checkHere(submission)
        }
        let report = found.report
        let listing = MistakeListing(
            file: submission.file.name,
            mistakes: report.mistakes,
            omitted: report.mistakesOmitted
        )
        listing.show()
        MistakeListing(
            file: submission.file.name,
            mistakes: report.duplicates,
            omitted: report.duplicatesOmitted
        ).show()
        try found.show(
            global.console,
            file: submission.file.name,
            sockets: global.candidates(for: .order)
        )
        guard report.mistakes.isEmpty else {
            throw Failure(.badInput, "\(submission.file.name): \(listing.count)")
        }
        guard !report.isRepeat else {
            throw Failure(
                .badInput,
                "\(submission.file.name): nothing of it would be taken: it was ordered before, "
                    + "see above"
            )
        }
        guard !found.isShort else { throw Ending(.notDone) }
    }

    private func checkHere(_ submission: BatchSubmission) throws(Failure) -> DryRun {
        let now = Timestamp(milliseconds: Int64(time(nil)) * 1000)
        let profiles = try CarrierFolder.find(carriers).map { (folder: String) throws(Failure) in
            try CarrierFolder.profiles(in: folder, at: now)
        }
        let check = try LocalCheck(
            submission.file,
            encoding: submission.encoding,
            carrier: carrier,
            profiles: profiles,
            now: now
        )
        return DryRun(
            report: check.report,
            checked: .init(daemon: false, numberPlans: check.hasPlans)
        )
    }

    /// Orders the batch, and lists the mistakes when it is refused for them.
    private func order(_ submission: BatchSubmission) async throws -> ControlReply<BatchReceipt> {
        try await global.withGateway(for: .order) { client in
            do {
                return try await submission.submit(acceptsValid: acceptValid, client)
            } catch ControlClientError.refused(let problem)
                where problem.code == .badBatch || problem.code == .conflict
            {
                let listing = MistakeListing(
                    file: submission.file.name,
                    mistakes: problem.mistakes ?? [],
                    omitted: problem.mistakesOmitted ?? 0
                )
                listing.show()
                if global.json { try global.console.json(problem) }
                guard problem.code == .badBatch else {
                    throw Failure(
                        .badInput,
                        "\(submission.file.name): \(problem.detail.visible)"
                    )
                }
                let hasGoodRows =
                    !acceptValid && problem.mistakes?.contains { $0.spoilsFile } == false
                let other = hasGoodRows ? ", or take its good rows with --accept-valid" : ""
                throw Failure(
                    .badInput,
                    "\(submission.file.name): \(listing.count): nothing was ordered; correct the "
                        + "file\(other)"
                )
            }
        }
    }

    /// Says what was taken; returns whether that is the whole file.
    private func report(
        _ reply: ControlReply<BatchReceipt>,
        _ submission: BatchSubmission
    ) throws(Failure) -> Bool {
        let receipt = reply.value
        let batch = receipt.batch
        let isWatched = watch || results != nil
        let known =
            "Batch \(batch.id) is this very file, sent before and \(batch.state.rawValue): nothing "
            + "was ordered again (to order it once more, give another --key and "
            + "--allow-duplicates)"
        if global.json {
            if !reply.isNew { Console.note(known) }
            if !isWatched { try global.console.json(receipt) }
        } else {
            let jobs = "\(counted(batch.rows, "job")), \(batch.sum?.description ?? "")"
            try global.console.line(
                reply.isNew ? "Batch \(batch.id): \(jobs), ordered" : known
            )
            if let proposal = batch.proposal { Console.waitsForSecondPerson(proposal) }
            if batch.proposal == nil, batch.count(.held) > 0 {
                Console.note(
                    "Held for a person: \(batch.count(.held)), see rechargectl job list --batch "
                        + "\(batch.id) --state held"
                )
            }
        }
        guard !receipt.refusedLines.isEmpty else { return true }
        let listing = MistakeListing(
            file: submission.file.name,
            mistakes: receipt.mistakes,
            omitted: receipt.mistakesOmitted
        )
        listing.show()
        guard reply.isNew else { return false }
        let target = try RefusedRows.write(
            receipt,
            of: submission.file,
            encoding: submission.encoding,
            path: path
        )
        let count = receipt.refusedLines.count
        Console.note("\(count) rows were left out: correct them in \(target) and submit that file")
        return false
    }
}

/// The rule for keys that people choose.
enum OrderKeyOption {
    private static let bytesMax = 200

    static func validate(_ key: String?) throws {
        guard let key else { return }
        let isPrintable = key.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard (1...bytesMax).contains(key.utf8.count), isPrintable else {
            throw ValidationError("--key: write 1 to \(bytesMax) printable ASCII characters.")
        }
    }
}

extension Mistake {
    /// Whether no row of the file can be taken: its header is wrong, or one has no end.
    fileprivate var spoilsFile: Bool {
        line == 1 || code == BatchFlaw.Kind.unterminatedQuote.rawValue
    }
}
