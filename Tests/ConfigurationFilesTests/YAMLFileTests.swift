import ConfigurationFiles
import Documents
import Glibc
import TestSupport
import Testing

private func messages(_ text: String) -> [String] {
    messages(Array(text.utf8))
}

private func messages(_ bytes: [UInt8]) -> [String] {
    do throws(DocumentError) {
        _ = try YAMLFile.parse(bytes, file: "a.yaml")
        return []
    } catch {
        return error.mistakes.map(\.description)
    }
}

@Test func everyNodeKnowsItsPlaceAndWhetherItWasQuoted() throws {
    let text = "\u{FEFF}# comment\nname: 充值\nlist:\n  - \"1\"\n  - {k: 0123}\nblock: |\n  x\n"
    let document = try YAMLFile.parse(Array(text.utf8), file: "a.yaml")
    let place = { Document.Position(file: "a.yaml", line: $0, column: $1) }
    let scalar = { (line: Int, column: Int, text: String, isQuoted: Bool) in
        Document(
            position: place(line, column),
            content: .scalar(text: text, isQuoted: isQuoted)
        )
    }
    let inner = Document.Entry(key: "k", position: place(5, 6), value: scalar(5, 9, "0123", false))
    let list = [
        scalar(4, 5, "1", true), Document(position: place(5, 5), content: .mapping([inner])),
    ]
    #expect(
        document
            == Document(
                position: place(2, 1),
                content: .mapping([
                    .init(key: "name", position: place(2, 1), value: scalar(2, 7, "充值", false)),
                    .init(
                        key: "list",
                        position: place(3, 1),
                        value: Document(position: place(4, 3), content: .sequence(list))
                    ),
                    .init(key: "block", position: place(6, 1), value: scalar(6, 8, "x\n", true)),
                ])
            )
    )
}

@Test(arguments: [
    ("", "a.yaml:1:1: the file is empty, expected keys and values"),
    ("# only a comment\n", "a.yaml:1:1: the file is empty, expected keys and values"),
    ("a: 1\nb: [1, 2\nc: 3\n", "a.yaml:3:2: is not YAML: did not find expected ',' or ']'"),
    ("a: \"1\nb: 2\n", "a.yaml:3:1: is not YAML: found unexpected end of stream"),
    ("a:\n\tb: 1\n", "a.yaml:2:1: is not YAML: found character that cannot start any token"),
    ("a: 1\n---\nb: 2\n", "a.yaml:2:1: is not YAML: but found another document"),
    ("a: *x\n", "a.yaml:1:4: is not YAML: found undefined alias"),
    ("a: &x 1\nb: 2\n", "a.yaml:1:4: has an anchor (&); write the value where it is used"),
    ("? [1]\n: 2\n", "a.yaml:1:3: a key is not a name, expected a plain word"),
    ("b:\n  <<: 2\n", "a.yaml:2:3: a key is not a name, expected a plain word"),
    (
        "b: 1\na:\n  x: 1\n  y: 2\n  x: 3\n",
        "a.yaml:3:3: 'x' stands more than once in this mapping; keep one of each; first here"
    ),
    ("a: 1\nb: \u{1}\n", "a.yaml:2:4: is not YAML: control characters are not allowed"),
])
func whatIsNotOurYAMLIsRefusedAtItsPlace(_ text: String, _ message: String) {
    #expect(messages(text) == [message])
}

@Test func anAliasIsRefusedWhereItsAnchorIs() {
    #expect(messages("a: &x 1\nb: *x\n").first?.hasPrefix("a.yaml:1:4: has an anchor") == true)
}

@Test func nestedAliasesCostNothing() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...40 {
        text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
    }
    #expect(messages(text).count == 41)
}

@Test func tooDeepNestingIsRefused() {
    let text = String(repeating: "[", count: 200_000)
    #expect(messages(text).count == 1)
}

@Test func aByteThatIsNotUTF8IsShownAtItsPlace() {
    let message = "a.yaml:2:5: a byte here is not UTF-8; save the file as UTF-8"
    #expect(messages(Array("a: 1\nb: 充".utf8) + [0xB3, 0xE4]) == [message])
    #expect(messages(Array("a: \u{FFFD}\nb: 充".utf8) + [0xFF]) == [message])
}

@Test func aSyntaxErrorDoesNotQuoteTheFile() {
    #expect(!messages("pin: \"4711\nx").joined().contains("4711"))
}

@Test func aSequenceOfRandomBytesNeverTraps() {
    var random = SplitMix64(seed: 7)
    let pieces = [
        "a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", "\"", "'", "&x ", "*x", "|", "#", "充",
        "\t",
        "!!str ", "? ", "---\n", "\u{FFFD}", "\u{85}", ",",
    ]
    for _ in 0..<3000 {
        var bytes: [UInt8] = []
        for _ in 0..<random.next(below: 20) {
            bytes += Array(pieces[random.next(below: pieces.count)].utf8)
            if random.next(below: 40) == 0 { bytes.append(UInt8(random.next(below: 256))) }
        }
        _ = messages(bytes)
    }
}

@Test func filesThatCannotBeReadSayWhyAndWhatToDo() throws {
    let folder = try TemporaryFolder()
    try folder.write("large.yaml", [UInt8](repeating: 0x61, count: YAMLFile.bytesMax + 1))
    let read = { (name: String) in
        do throws(DocumentError) {
            _ = try YAMLFile.read("\(folder.path)/\(name)")
            return ""
        } catch {
            return error.description
        }
    }
    #expect(
        read("none.yaml")
            == "\(folder.path)/none.yaml: cannot be opened: No such file or directory; "
            + "check the path"
    )
    #expect(read(".") == "\(folder.path)/.: is not a file, expected a YAML file")
    #expect(
        read("large.yaml")
            == "\(folder.path)/large.yaml: is larger than 1 MB, expected a configuration file; "
            + "check that the path is right"
    )
}

@Test func aFolderGivesItsYAMLFilesInOrderOrAllTheirMistakes() throws {
    let folder = try TemporaryFolder()
    try folder.write("b.yaml", Array("b: 1".utf8))
    try folder.write("a.yaml", Array("a: 1".utf8))
    try folder.write(".hidden.yaml", Array("[".utf8))
    try folder.write("note.txt", Array("[".utf8))
    let documents = try YAMLFile.readAll(in: folder.path)
    #expect(documents.map(\.position.file) == ["\(folder.path)/a.yaml", "\(folder.path)/b.yaml"])

    try folder.write("c.yaml", Array("[".utf8))
    try folder.write("d.yaml", Array("x: &y 1".utf8))
    let error = #expect(throws: DocumentError.self) { try YAMLFile.readAll(in: folder.path) }
    #expect(
        error?.mistakes.map(\.position.file) == ["\(folder.path)/c.yaml", "\(folder.path)/d.yaml"]
    )
    #expect(throws: DocumentError.self) { try YAMLFile.readAll(in: folder.path + "/none") }
}

/// A folder of its own that disappears with its owner.
private final class TemporaryFolder {
    let path: String
    private var files: [String] = []

    init() throws {
        var template = Array("/tmp/yaml-file-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer -> String? in
            guard let start = buffer.baseAddress, mkdtemp(start) != nil else { return nil }
            return String(cString: start)
        }
        path = try #require(made)
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        let file = try #require(fopen("\(path)/\(name)", "w"))
        files.append(name)
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        fclose(file)
    }

    deinit {
        for name in files { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}
