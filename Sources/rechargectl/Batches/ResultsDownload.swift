import ControlAPI
import Recharge

/// Fetches the results of a batch as CSV.
struct ResultsDownload {
    let batch: Batch.ID
    let global: GlobalOptions

    /// Writes them to a file, which appears when it is complete.
    func write(_ output: OutputFile, named path: String) async throws {
        try await fetch { try output.append($0) }
        try output.finish()
        Console.note("Results: \(path)")
    }

    func fetch(_ take: ([UInt8]) throws -> Void) async throws {
        try await global.withGateway(for: .question) { client in
            try await client.download(ControlPath.results(of: batch)) { try take($0) }
        }
    }
}
