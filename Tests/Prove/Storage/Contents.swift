import GRDB

/// All that a database holds.
struct Contents: Equatable, Sendable {
    /// The rows of each table, in their order.
    private var tables: [String: [String]] = [:]

    init(_ db: Database) throws {
        let names = "SELECT name FROM sqlite_schema WHERE type = 'table'"
        for name in try String.fetchAll(db, sql: names) {
            let rows = try Row.fetchCursor(db, sql: "SELECT * FROM \"\(name)\"")
            while let row = try rows.next() {
                tables[name, default: []].append(
                    row.map { "\($0)=\($1.text)" }.joined(separator: " ")
                )
            }
        }
    }

    /// What is wrong with a database that a store has just opened, as SQLite and the law see it.
    static func flaws(_ db: Database) throws -> [String] {
        let integrity = try String.fetchAll(db, sql: "PRAGMA integrity_check")
        let orphans = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check")
        let inFlight = """
            SELECT 'job ' || id || ' is ' || state FROM job WHERE state IN ('leased','armed')
            UNION ALL SELECT 'attempt ' || id || ' is open' FROM attempt WHERE outcome IS NULL
            """
        return (integrity == ["ok"] ? [] : integrity.map { "integrity_check: \($0)" })
            + orphans.map { "foreign_key_check: \($0)" }
            + (try String.fetchAll(db, sql: inFlight)).map { "after opening: \($0)" }
    }

    /// The first row in which it differs from another; nil when all are the same.
    func difference(from other: Contents) -> String? {
        for name in Set(tables.keys).union(other.tables.keys).sorted() {
            let (left, right) = (tables[name] ?? [], other.tables[name] ?? [])
            guard left != right else { continue }
            let index = zip(left, right).prefix { $0 == $1 }.count
            let found = index < left.count ? left[index] : "no row"
            let due = index < right.count ? right[index] : "no row"
            return "\(name): found \(found), expected \(due)"
        }
        return nil
    }
}

extension DatabaseValue {
    /// The value whole: blobs in hex.
    fileprivate var text: String {
        switch storage {
        case .null: "NULL"
        case .int64(let integer): String(integer)
        case .double(let double): String(double)
        case .string(let string): string
        case .blob(let octets): octets.map { String($0, radix: 16) }.joined(separator: ".")
        }
    }
}
