import ControlAPI
import Foundation
import Recharge
import Simulation
import Testing

extension Trial {
    /// Writes orders of 10 yuan, each for a number of its own.
    func writeBatch(_ name: String, rows: Int, from first: Int = 0) throws -> String {
        let numbers = (first..<first + rows).map { "138" + String(10_000_000 + $0) + ",10" }
        let file = path(name)
        try TextFile.write("number,amount\n" + numbers.joined(separator: "\n") + "\n", to: file)
        return file
    }

    /// Orders a file as a person does; returns the batch.
    @discardableResult
    func submit(_ file: String) async throws -> BatchView {
        let run = try await finish("rechargectl", "submit", file, "--json")
        guard run.status == 0 else { throw TestFailure("submit: \(run.errors)") }
        let receipt = try WireJSON.decode(BatchReceipt.self, from: Array(run.output.utf8))
        return receipt.batch
    }

    /// The results of all batches, as the client writes them.
    func results() async throws -> [ResultsRow] {
        var page = try await ask(ControlPath.batches, as: PageView<BatchView>.self)
        var batches = page.items
        while let next = page.next {
            page = try await ask("\(ControlPath.batches)?after=\(next)")
            batches += page.items
        }
        var rows: [ResultsRow] = []
        for batch in batches {
            let file = path("results-\(batch.id).csv")
            let run = try await finish(
                "rechargectl",
                "batch",
                "results",
                "\(batch.id)",
                "--output",
                file
            )
            guard run.status == 0 else { throw TestFailure("results: \(run.errors)") }
            rows += try ResultsRow.rows(try TextFile.bytes(file), path: file)
        }
        return rows
    }

    /// Waits until no job is on its way and holds all results against the carrier's ledger; what
    /// contradicts it is recorded.
    ///
    /// A job in doubt whose request never reached the carrier goes back to the queue when that is
    /// proven, be it between the wait and the results: these are then taken again.
    func audit() async throws -> LedgerAudit {
        var rows: [ResultsRow]
        repeat {
            try await settled()
            rows = try await results()
        } while rows.contains { Self.onTheirWay.contains($0.state) }
        let entries = try LedgerFile.entries(path: ledgerPath)
        let audit = LedgerAudit(entries, rows)
        #expect(audit.contradictions.isEmpty)
        #expect(LedgerSummary(entries).repeated.isEmpty, "charged twice")
        return audit
    }

    /// Waits until no job is on its way: what is left is final or in doubt.
    func settled() async throws {
        try await jobs(Self.isSettled)
    }

    static func isSettled(_ counts: [String: Int]) -> Bool {
        onTheirWay.allSatisfy { counts[$0.rawValue, default: 0] == 0 }
    }

    private static let onTheirWay: [JobState] = [.ready, .scheduled, .leased, .armed]
}
