/// One thing that is wrong with what a client sent.
package struct Mistake: Codable, Hashable, Sendable {
    /// The line of the file, counted from 1; absent for JSON.
    package var line: Int?
    /// The column of the file, counted from 1; absent where the whole row is meant, and for JSON.
    package var column: Int?
    /// The name of the column, or the path of the JSON member.
    package var field: String?
    /// The kind of mistake, the same for ever: `negative_amount` and so on.
    package var code: String?
    /// What stands there, safe to show: cut, numbers masked.
    package var value: String?
    /// What is wrong.
    package var message: String
    /// What to do about it.
    package var cure: String

    package init(
        line: Int? = nil,
        column: Int? = nil,
        field: String? = nil,
        code: String? = nil,
        value: String? = nil,
        message: String,
        cure: String
    ) {
        self.line = line
        self.column = column
        self.field = field
        self.code = code
        self.value = value
        self.message = message
        self.cure = cure
    }

    /// How many mistakes one answer lists; the others are counted.
    package static let shownMax = 1000
}
