import Foundation
import GRDB
import GRDBSQLite

/// Binds the values of a statement in their order and runs it, straight in SQLite.
///
/// GRDB boxes each value and looks at each execution for its observers. The writer has none, and
/// runs a dozen statements for each job. What begins and ends transactions stays with GRDB.
struct ValueBinder {
    private let statement: Statement
    private var index: Int32 = 0

    /// Takes a statement that no cursor is reading; values not bound this time keep the last ones.
    init(_ statement: Statement) {
        self.statement = statement
    }

    mutating func bind(_ text: String) {
        var text = text
        index += 1
        let code = text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { octets in
                sqlite3_bind_text(
                    statement.sqliteStatement,
                    index,
                    octets.baseAddress,
                    Int32(octets.count),
                    ValueBinder.copied
                )
            }
        }
        check(code)
    }

    mutating func bind(_ text: String?) {
        if let text { bind(text) } else { bindNull() }
    }

    mutating func bind(_ integer: Int64) {
        index += 1
        check(sqlite3_bind_int64(statement.sqliteStatement, index, integer))
    }

    mutating func bind(_ integer: Int64?) {
        if let integer { bind(integer) } else { bindNull() }
    }

    mutating func bind(_ octets: [UInt8]) {
        index += 1
        let count = Int32(octets.count)
        let copied = ValueBinder.copied
        check(sqlite3_bind_blob(statement.sqliteStatement, index, octets, count, copied))
    }

    mutating func bind(_ value: DatabaseValue) {
        switch value.storage {
        case .null: bindNull()
        case .int64(let integer): bind(integer)
        case .double(let number):
            index += 1
            check(sqlite3_bind_double(statement.sqliteStatement, index, number))
        case .string(let text): bind(text)
        case .blob(let octets): bind(Array(octets))
        }
    }

    private mutating func bindNull() {
        index += 1
        check(sqlite3_bind_null(statement.sqliteStatement, index))
    }

    /// Runs the statement to its end; rows that it gives are dropped.
    func run(_ db: Database) throws {
        let pointer = statement.sqliteStatement
        var code = sqlite3_step(pointer)
        while code == SQLITE_ROW { code = sqlite3_step(pointer) }
        try end(db, code)
    }

    /// Whether the statement gives a row at all.
    func hasRow(_ db: Database) throws -> Bool {
        let code = sqlite3_step(statement.sqliteStatement)
        try end(db, code == SQLITE_ROW ? SQLITE_DONE : code)
        return code == SQLITE_ROW
    }

    private func end(_ db: Database, _ code: Int32) throws {
        let pointer = statement.sqliteStatement
        guard code != SQLITE_DONE else {
            sqlite3_reset(pointer)
            return
        }
        let error = DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: db.lastErrorMessage,
            sql: statement.sql
        )
        sqlite3_reset(pointer)
        throw error
    }

    /// `SQLITE_TRANSIENT`: SQLite copies the octets, into memory that it keeps for the next ones.
    private static var copied: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    private func check(_ code: Int32) {
        precondition(code == SQLITE_OK, "SQLite refused value \(index) of \(statement.sql)")
    }
}
