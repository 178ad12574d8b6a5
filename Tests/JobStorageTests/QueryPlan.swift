import GRDB

extension Workshop {
    /// How SQLite would run a query, in its own words.
    static func plan(_ sql: String, _ db: Database) throws -> String {
        try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)")
            .map { $0["detail"] as String }.joined(separator: "\n")
    }
}
