package import Documents
import Yams

extension YAMLFile {
    /// Reads the bytes of a file; `file` is its name in messages.
    package static func parse(
        _ bytes: [UInt8],
        file: String
    ) throws(DocumentError) -> Document {
        let text = try text(of: bytes, file: file)
        var mistakes: [Mistake] = []
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            // Anchors are held by the parser alone and must outlive the walk.
            let document = try withExtendedLifetime(parser) {
                try parser.singleRoot().map { convert($0, file: file, mistakes: &mistakes) }
            }
            guard mistakes.isEmpty else { throw DocumentError(mistakes) }
            if let document { return document }
            let position = Document.Position(file: file, line: 1, column: 1)
            mistakes = [Mistake(at: position, "the file is empty", expected: "keys and values")]
        } catch let error as YamlError {
            mistakes = [mistake(error, text: text, file: file)]
        } catch let error as DocumentError {
            throw error
        } catch {
            mistakes = [Mistake(at: Document.Position(file: file), "is not YAML: \(error)")]
        }
        throw DocumentError(mistakes)
    }

    /// The bytes as UTF-8, without a byte order mark.
    private static func text(of bytes: [UInt8], file: String) throws(DocumentError) -> String {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        // The first replacement character that the file does not itself contain.
        let decoded = String(decoding: bytes, as: UTF8.self).unicodeScalars
        var valid = bytes
        var prefix = String.UnicodeScalarView()
        for scalar in decoded {
            let encoded = Array(String(scalar).utf8)
            guard valid.starts(with: encoded) else { break }
            valid = valid.dropFirst(encoded.count)
            prefix.append(scalar)
        }
        let position = place(after: prefix[...], file: file)
        throw DocumentError([
            Mistake(at: position, "a byte here is not UTF-8", cure: "save the file as UTF-8")
        ])
    }

    private static func place(
        after scalars: String.UnicodeScalarView.SubSequence,
        file: String
    ) -> Document.Position {
        let line = scalars.count { $0 == "\n" } + 1
        let column = scalars.reversed().prefix { $0 != "\n" }.count + 1
        return Document.Position(file: file, line: line, column: column)
    }

    private static func convert(
        _ node: Node,
        file: String,
        mistakes: inout [Mistake]
    ) -> Document {
        let position = place(node.mark, file: file)
        let nothing = Document(position: position, content: .scalar(text: "", isQuoted: true))
        guard node.anchor == nil else {
            mistakes.append(
                Mistake(at: position, "has an anchor (&)", cure: "write the value where it is used")
            )
            return nothing
        }
        switch node {
        case .scalar(let scalar):
            let isQuoted = scalar.style != .plain && scalar.style != .any
            let content = Document.Content.scalar(text: scalar.string, isQuoted: isQuoted)
            return Document(position: position, content: content)
        case .sequence(let items):
            let documents = items.map { convert($0, file: file, mistakes: &mistakes) }
            return Document(position: position, content: .sequence(documents))
        case .mapping(let pairs):
            let entries = pairs.compactMap { pair in
                entry(pair.key, pair.value, file: file, mistakes: &mistakes)
            }
            return Document(position: position, content: .mapping(entries))
        case .alias:
            mistakes.append(
                Mistake(at: position, "is an alias (*)", cure: "write the value itself here")
            )
            return nothing
        }
    }

    private static func entry(
        _ key: Node,
        _ value: Node,
        file: String,
        mistakes: inout [Mistake]
    ) -> Document.Entry? {
        let document = convert(value, file: file, mistakes: &mistakes)
        let position = place(key.mark, file: file)
        guard case .scalar(let scalar) = key, key.anchor == nil, scalar.string != "<<" else {
            mistakes.append(Mistake(at: position, "a key is not a name", expected: "a plain word"))
            return nil
        }
        return Document.Entry(key: scalar.string, position: position, value: document)
    }

    private static func place(_ mark: Mark?, file: String) -> Document.Position {
        guard let mark else { return Document.Position(file: file) }
        return Document.Position(file: file, line: mark.line, column: mark.column)
    }

    /// The parser's error in our form, without its text: that quotes a line, which may be secret.
    private static func mistake(_ error: YamlError, text: String, file: String) -> Mistake {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return Mistake(at: place(mark, file: file), "is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0)'" }.joined(separator: ", ")
            let what = "\(names) stands more than once in this mapping"
            return Mistake(
                at: place(context.mark, file: file),
                what,
                cure: "keep one of each; first here"
            )
        case .reader(let problem, let offset, _, _):
            guard let offset else {
                return Mistake(at: Document.Position(file: file), "is not YAML: \(problem)")
            }
            let before = text.prefix(offset).unicodeScalars
            return Mistake(at: place(after: before, file: file), "is not YAML: \(problem)")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return Mistake(at: Document.Position(file: file), "is not YAML")
        }
    }
}
