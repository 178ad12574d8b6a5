import Foundation
import Glibc
import Simulation

/// What a killed daemon left in its queue, read from a copy of the files so that nothing is
/// repaired before the daemon itself looks at it.
struct QueueSnapshot {
    /// How often a daemon had settled what the one before it left open.
    var starts = 0
    var jobs = 0
    var ready = 0
    var leased = 0
    /// The numbers of the jobs that were armed, national.
    var armed: Set<String> = []

    /// Reads the database of a daemon that is dead; an empty one when it has no tables yet.
    static func taken(of trial: Trial) async throws -> QueueSnapshot {
        var snapshot = QueueSnapshot()
        guard try await !query(trial, "SELECT 1 FROM sqlite_schema WHERE name = 'job'").isEmpty
        else { return snapshot }
        let rows = try await query(
            trial,
            """
            SELECT 'starts', count(*) FROM event WHERE kind = 'gateway.started'
            UNION ALL SELECT state, count(*) FROM job GROUP BY state
            UNION ALL SELECT 'number', substr(number, 4) FROM job WHERE state = 'armed'
            """
        )
        for row in rows {
            let count = Int(row[1]) ?? 0
            switch row[0] {
            case "starts": snapshot.starts = count
            case "number": snapshot.armed.insert(row[1])
            case "ready": snapshot.ready = count
            case "leased": snapshot.leased = count
            default: break
            }
            if row[0] != "starts", row[0] != "number" { snapshot.jobs += count }
        }
        return snapshot
    }

    /// The rows of a query on a copy of the database.
    static func query(_ trial: Trial, _ sql: String) async throws -> [[String]] {
        let copy = trial.path("copy.sqlite")
        for suffix in ["", "-wal"] {
            let source = trial.path("state/recharged.sqlite\(suffix)")
            unlink(copy + suffix)
            guard access(source, R_OK) == 0 else { continue }
            try FileManager.default.copyItem(atPath: source, toPath: copy + suffix)
        }
        unlink(copy + "-shm")
        let run = try await trial.finish("/usr/bin/sqlite3", copy, sql)
        guard run.status == 0 else { throw TestFailure("sqlite3: \(run.errors)") }
        return run.output.split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// How many of the armed jobs the carrier had charged.
    func charged(_ ledger: [LedgerEntry]) -> Int {
        armed.intersection(ledger.map(\.number)).count
    }
}
