import ConfigurationFiles
import Documents

/// Reading a YAML file: every mistake has words and a place within the file.
enum DocumentFuzzing {
    static func read<Value>(
        _ bytes: [UInt8],
        _ body: (Document) throws(DocumentError) -> Value
    ) throws -> Value? {
        do throws(DocumentError) {
            return try body(try YAMLFile.parse(bytes, file: "fuzz.yaml"))
        } catch {
            try demand(!error.mistakes.isEmpty, "refused without a mistake")
            let text = String(decoding: bytes, as: UTF8.self)
            let lines = text.unicodeScalars.count { lineEnds.contains($0) } + 2
            for mistake in error.mistakes {
                let place = mistake.position
                try demand(!"\(mistake)".isEmpty, "a mistake without words")
                try demand(place.line <= lines, "line \(place.line) of \(lines)")
            }
            return nil
        }
    }

    private static let lineEnds: [Unicode.Scalar] = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
}
