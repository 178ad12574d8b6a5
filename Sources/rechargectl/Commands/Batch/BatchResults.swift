import ArgumentParser
import ControlAPI
import Recharge

/// Fetches the results of a batch.
struct BatchResults: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "Fetch the results of a batch so far, as CSV or JSON lines.",
        usage: "rechargectl batch results <batch> [<options>]",
        discussion: """
              rechargectl batch results 7 > results.csv
              rechargectl batch results 7 --output results.csv
              rechargectl batch results 7 --json
            """
    )

    @Argument(help: "The batch's number.", completion: Suggestions.batches)
    var batch: Batch.ID

    @Option(
        help: ArgumentHelp("Write them to this file.", valueName: "file"),
        completion: .file(extensions: ["csv"])
    )
    var output: String?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !(global.json && output != nil) else {
            throw ValidationError("--json and --output: the file is CSV; leave out one of them.")
        }
    }

    func run() async throws {
        if global.json { return try await writeLines() }
        let download = ResultsDownload(batch: batch, global: global)
        if let output {
            return try await download.write(try OutputFile(output), named: output)
        }
        try await download.fetch { try Console.put($0) }
    }

    /// One line for each job, page by page.
    private func writeLines() async throws {
        try await global.withGateway(for: .question) { client in
            let _: BatchView = try await client.get(ControlPath.batch(batch))
            var next: Int64?
            repeat {
                let query = [
                    ("batch", batch.description), ("limit", "1000"),
                    ("after", next.map { String($0) }),
                ]
                let page: PageView<JobView> = try await client.get(
                    ControlPath.with(query, ControlPath.jobs)
                )
                for job in page.items { try global.console.json(job) }
                next = page.next
            } while next != nil
        }
    }
}
