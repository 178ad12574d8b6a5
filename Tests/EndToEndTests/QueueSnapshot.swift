import Foundation
import Glibc
import Simulation

/// What a killed daemon left in its queue, read from a copy of the files so that nothing is
/// repaired before the daemon itself looks at it.
struct QueueSnapshot {
    /// Where a kill hit the job that had come furthest.
    enum Window: String, CaseIterable {
        case unclaimed = "nothing in hand"
        case leased = "leased, not armed"
        case armed = "armed, not charged"
        case charged = "charged, no verdict"

        /// Between intent and verdict.
        var isDangerous: Bool { self == .armed || self == .charged }
    }

    var leased = 0
    /// The numbers of the jobs that were armed, national.
    var armed: [String] = []
    var ready = 0

    /// Reads the database of a daemon that is dead.
    static func taken(of trial: Trial) async throws -> QueueSnapshot {
        let rows = try await query(
            trial,
            "SELECT state, substr(number, 4) FROM job WHERE state IN ('ready','leased','armed')"
        )
        var snapshot = QueueSnapshot()
        for row in rows {
            switch row[0] {
            case "ready": snapshot.ready += 1
            case "leased": snapshot.leased += 1
            default: snapshot.armed.append(row[1])
            }
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

    func window(_ ledger: [LedgerEntry]) -> Window {
        guard armed.isEmpty else { return charged(ledger) > 0 ? .charged : .armed }
        return leased > 0 ? .leased : .unclaimed
    }

    /// How many of the armed jobs the carrier had charged.
    func charged(_ ledger: [LedgerEntry]) -> Int {
        let charged = Set(ledger.map(\.number))
        return armed.count { charged.contains($0) }
    }
}
