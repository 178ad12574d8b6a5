import ArgumentParser

/// All that concerns batches already submitted.
struct BatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "See, pause, resume and cancel batches, and fetch their results.",
        discussion: """
              rechargectl batch list
              rechargectl batch show 7 --watch
              rechargectl batch results 7 --output results.csv
              rechargectl batch pause 7 --reason "wrong file"
            """,
        subcommands: [
            BatchList.self, BatchShow.self, BatchResults.self, BatchPause.self, BatchResume.self,
            BatchCancel.self,
        ]
    )
}
