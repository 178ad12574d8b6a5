import GRDB

/// The tables and guards of the queue, and the one way from an older version to this one.
///
/// The database trusts no program: each rule of a job's life that SQL can say is a constraint or a
/// trigger here. Versions are only ever appended; `PRAGMA user_version` counts them.
enum Schema {
    /// `RCHG`: tells our database from any other SQLite file.
    static let applicationID = 0x5243_4847

    /// One version each, in order.
    static let versions: [[String]] = [
        [simTables, orderTables, recordTables, orderIndexes]
            + [jobBirthGuards, jobArrowGuards, jobProofGuards, orderGuards]
            + [attemptGuards, recordGuards, counters, walkInLane],
        [proofColumns, inquiries, floatLedger, disputes, proofGuards, approvals]
            + [limits, duplicates],
        [chainHead, epochs, erasures],
        [unchangedFloat],
        [possibleCharges, cancelledFiles],
        [lives, erasedAttachments],
        [answersOverAbsence, orderKeys],
        [setClocks, otherMovements],
    ]

    static var version: Int { versions.count }

    /// Brings a database from its version to this one, in one transaction per version.
    static func migrate(_ db: Database) throws {
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        for number in found..<max(found, version) {
            try db.inTransaction(.immediate) {
                for part in versions[number] { try db.execute(sql: part) }
                try db.execute(sql: "PRAGMA application_id = \(applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(number + 1)")
                return .commit
            }
        }
    }
}
