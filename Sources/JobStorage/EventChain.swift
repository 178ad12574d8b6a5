import Digests
import Foundation
import GRDB
import Recharge

/// The end of the chain of events: each one's hash covers the hash before it.
///
/// A changed, removed or inserted event breaks every hash after it. What is hashed:
///
///     previous hash (32) │ for each of sequence, at, kind, job, actor, body:
///                        │ length (8, big-endian) │ UTF-8 (numbers in decimal, no job: empty)
struct EventChain: Sendable {
    /// The sequence number and hash of the last event; 0 and zeros before the first.
    private(set) var sequence: Int64 = 0
    private(set) var hash = [UInt8](repeating: 0, count: 32)

    /// One event as it will stand in the chain.
    struct Link {
        var sequence: Int64
        var body: String
        var hash: [UInt8]
    }

    /// The link for an event that comes next.
    func appending(_ event: NewEvent, by actor: Actor, at now: Timestamp) -> Link {
        let body = EventBody.encode(event.details)
        let fields = [
            String(sequence + 1), String(now.milliseconds), event.kind,
            event.job.map { String($0.rawValue) } ?? "", actor.name, body,
        ]
        return Link(
            sequence: sequence + 1,
            body: body,
            hash: EventChain.hash(fields, after: hash)
        )
    }

    mutating func advance(to link: Link) {
        sequence = link.sequence
        hash = link.hash
    }

    fileprivate static func hash(_ fields: [String], after previous: [UInt8]) -> [UInt8] {
        var octets = previous
        for field in fields {
            withUnsafeBytes(of: UInt64(field.utf8.count).bigEndian) { octets += $0 }
            octets += field.utf8
        }
        return SHA256Digest.of(octets)
    }

    /// The end of the chain as it stands on disk.
    static func load(_ db: Database) throws -> EventChain {
        var chain = EventChain()
        let sql = "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1"
        if let row = try Row.fetchOne(db, sql: sql) {
            chain.sequence = row[0]
            chain.hash = Array(row[1] as Data)
        }
        return chain
    }

    /// Walks the whole chain and holds its end against the head that is kept beside it.
    ///
    /// A changed event breaks its own link; a missing one leaves a gap, at the end before the head.
    /// Whoever rewrites the whole chain leaves no break: against that a head that was noted
    /// elsewhere is held too.
    static func verified(_ db: Database, against noted: ChainHead? = nil) throws -> ChainReport {
        var walk = Walk(noted: noted)
        let sql =
            "SELECT seq, at, kind, job_id, actor, body, prev_hash, hash FROM event ORDER BY seq"
        let rows = try Row.fetchCursor(db, sql: sql)
        while let row = try rows.next() { walk.take(row) }
        walk.end(at: try head(db))
        return walk.report
    }

    private static func head(_ db: Database) throws -> ChainHead? {
        guard try db.tableExists("chain_head") else { return nil }
        let row = try Row.fetchOne(db, sql: "SELECT seq, hash FROM chain_head")
        return row.map { ChainHead(sequence: $0[0], hash: Array($0[1] as Data)) }
            ?? ChainHead(sequence: -1, hash: [])
    }

    /// A walk along the chain, from link to link.
    private struct Walk {
        let noted: ChainHead?
        private var chain = EventChain()
        private(set) var report = ChainReport()

        init(noted: ChainHead?) {
            self.noted = noted
        }

        mutating func take(_ row: Row) {
            let sequence: Int64 = row[0]
            let stored = Array(row[7] as Data)
            let expected = chain.sequence + 1
            if sequence > expected {
                let last = sequence - 1
                report.add(
                    expected,
                    expected == last
                        ? "event \(expected) is missing"
                        : "events \(expected) to \(last) are missing"
                )
            } else if row[6] != Data(chain.hash) {
                report.add(sequence, "event \(sequence) does not follow the one before it")
            }
            let fields: [String] = [
                String(sequence), String(row[1] as Int64), row[2],
                (row[3] as Int64?).map { String($0) } ?? "", row[4], row[5],
            ]
            if EventChain.hash(fields, after: Array(row[6] as Data)) != stored {
                report.add(sequence, "event \(sequence) was changed")
            }
            if let noted, noted.sequence == sequence, noted.hash != stored {
                report.add(sequence, "event \(sequence) has not the hash that was noted")
            }
            chain.sequence = sequence
            chain.hash = stored
            report.events += 1
        }

        mutating func end(at head: ChainHead?) {
            report.head = ChainHead(sequence: chain.sequence, hash: chain.hash)
            if let noted, noted.sequence > chain.sequence {
                report.add(noted.sequence, "event \(noted.sequence), which was noted, is missing")
            }
            guard let head else { return }
            if head.sequence > chain.sequence {
                report.add(
                    chain.sequence + 1,
                    "the end is cut off: events \(chain.sequence + 1) to \(head.sequence) "
                        + "are missing"
                )
            } else if head != report.head {
                report.add(
                    head.sequence,
                    "the chain does not end where it was last written to (event \(head.sequence))"
                )
            }
        }
    }
}
