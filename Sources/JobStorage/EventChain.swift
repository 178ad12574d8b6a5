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

    private static func hash(_ fields: [String], after previous: [UInt8]) -> [UInt8] {
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

    /// Walks the whole chain; gives the first sequence number whose link is broken.
    static func firstBroken(_ db: Database) throws -> Int64? {
        var chain = EventChain()
        let sql =
            "SELECT seq, at, kind, job_id, actor, body, prev_hash, hash FROM event ORDER BY seq"
        let rows = try Row.fetchCursor(db, sql: sql)
        while let row = try rows.next() {
            let fields: [String] = [
                String(row[0] as Int64), String(row[1] as Int64), row[2],
                (row[3] as Int64?).map { String($0) } ?? "", row[4], row[5],
            ]
            let stored = Array(row[7] as Data)
            guard row[0] == chain.sequence + 1, row[6] == Data(chain.hash),
                hash(fields, after: chain.hash) == stored
            else { return row[0] }
            chain.sequence += 1
            chain.hash = stored
        }
        return nil
    }
}
