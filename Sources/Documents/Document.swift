/// A value of a configuration file that knows where it stands.
///
/// Scalars stay text: whether `0123` is a number or an ICCID is decided by whoever reads the field,
/// never by the file format.
package struct Document: Hashable, Sendable {
    /// A place in a file; lines and columns count from 1, columns in Unicode scalars.
    package struct Position: Hashable, Sendable {
        package let file: String
        /// 0 when the file as a whole is meant.
        package let line: Int
        package let column: Int

        package init(file: String, line: Int, column: Int) {
            self.file = file
            self.line = line
            self.column = column
        }

        /// The file as a whole, such as one that cannot be read.
        package init(file: String) {
            self.init(file: file, line: 0, column: 0)
        }
    }

    /// One key of a mapping with its value.
    package struct Entry: Hashable, Sendable {
        package let key: String
        package let position: Position
        package let value: Document

        package init(key: String, position: Position, value: Document) {
            self.key = key
            self.position = position
            self.value = value
        }
    }

    /// What the value is.
    package enum Content: Hashable, Sendable {
        /// A text. `isQuoted` when the file marks it as text by quotes or as a block.
        case scalar(text: String, isQuoted: Bool)
        case sequence([Document])
        /// The keys in the order of the file. Keys may repeat here; readers refuse them.
        case mapping([Entry])
    }

    package let position: Position
    package let content: Content
    /// The SHA-256 of the file, at the root of one that was read with it; else nil.
    package var digest: [UInt8]?

    package init(position: Position, content: Content) {
        self.position = position
        self.content = content
    }

    /// Whether a key stands without any value: nothing, `~` or `null`.
    var isNothing: Bool {
        switch content {
        case .scalar(let text, isQuoted: false): ["", "~", "null"].contains(text)
        case .scalar, .sequence, .mapping: false
        }
    }

    /// What the value is, in words for a message.
    var kind: String {
        if isNothing { return "nothing" }
        return switch content {
        case .scalar(_, isQuoted: true): "a text in quotes"
        case .scalar: "a plain value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension Document.Position: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

extension Document.Position: CustomStringConvertible {
    package var description: String { line == 0 ? file : "\(file):\(line):\(column)" }
}

extension Document {
    /// Reads the whole document as one mapping; throws every mistake in it at once.
    ///
    /// ```swift
    /// let settings = try document.read { fields in
    ///     let folder = fields.required("state_dir")?.string()
    ///     let count = fields.optional("sims_max")?.integer(in: 1...256) ?? 8
    ///     guard let folder else { return nil }
    ///     return Settings(folder: folder, count: count)
    /// }
    /// ```
    ///
    /// The body asks for all its fields before it gives up, so that all mistakes are found. What it
    /// returns counts only if nothing was refused; nil without a recorded mistake is one itself.
    package func read<Value>(_ body: (Fields) -> Value?) throws(DocumentError) -> Value {
        let mistakes = MistakeCollector()
        let value = DocumentValue(self, name: "the document", mistakes: mistakes).fields(body)
        if let value, mistakes.all.isEmpty { return value }
        if mistakes.all.isEmpty {
            mistakes.add(Mistake(at: position, "the document is not valid"))
        }
        throw DocumentError(mistakes.all)
    }
}
