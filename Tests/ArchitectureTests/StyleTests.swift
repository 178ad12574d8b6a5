import Foundation
import Testing

/// What the house asks of every file, as far as a program can see it.
@Suite struct StyleTests {
    private static let fileLinesMax = 400
    private static let functionLinesMax = 50
    private static let lineColumnsMax = 100

    private static let bannedWords = [
        "Manager", "Helper", "Util", "Utils", "Common", "Base", "Impl", "Data", "Info",
    ]
    /// What talks to people may print.
    private static let commands = ["modemsim", "recharged", "rechargectl"]
    /// The specification's own word (3GPP 23.040: TP-User-Data).
    private static let allowedNames = ["UserData"]

    @Test func filesAreShort() {
        for file in SourceTree.sources + SourceTree.tests {
            let count = file.lines.count - 1
            #expect(count <= Self.fileLinesMax, "\(file.path) has \(count) lines")
        }
    }

    @Test func linesAreShort() {
        for file in SourceTree.sources {
            for (index, line) in file.lines.enumerated() where line.count > Self.lineColumnsMax {
                Issue.record("\(file.path):\(index + 1) has \(line.count) columns")
            }
        }
    }

    @Test func functionsAreShort() {
        for file in SourceTree.sources {
            for function in functions(in: file) where function.length > Self.functionLinesMax {
                Issue.record("\(file.path):\(function.line) has \(function.length) lines")
            }
        }
    }

    @Test func namesSayWhatAThingIs() {
        let declaration =
            /^\s*(?:package |private |fileprivate |final |indirect )*(?:struct|class|enum|actor|protocol|typealias) (\w+)/
        for file in SourceTree.sources {
            for line in file.lines {
                guard let name = line.prefixMatch(of: declaration)?.output.1,
                    !Self.allowedNames.contains(String(name))
                else { continue }
                let banned = Self.bannedWords.filter { name.hasSuffix($0) }
                #expect(banned.isEmpty, "\(file.path): \(name)")
            }
        }
    }

    @Test func noEscapeHatches() {
        let banned = [
            "@unchecked Sendable", "nonisolated(unsafe)", "Task.detached", "Task {", "try!",
            "fatalError(", "TODO", "FIXME", "print(",
        ]
        for file in SourceTree.sources {
            for (index, line) in file.lines.enumerated() {
                for word in banned where line.contains(word) && !isAllowed(word, line) {
                    if word == "print(", Self.commands.contains(file.target) { continue }
                    Issue.record("\(file.path):\(index + 1) has '\(word)'")
                }
            }
        }
    }

    /// Tests wait for events, whatever a pause would be called.
    @Test func testsDoNotSleep() {
        let pauses = [
            "sleep(", "\"sleep", "/sleep", "asyncAfter", "ContinuousClock()", "SuspendingClock()",
            "scheduledTimer", "TimerSource", "timedwait", "poll(nil", "select(0",
        ]
        for file in SourceTree.tests where !file.path.contains("ArchitectureTests") {
            for (index, line) in file.lines.enumerated() {
                let code = line.components(separatedBy: "//")[0]
                for pause in pauses where code.localizedCaseInsensitiveContains(pause) {
                    if Self.limits.contains([file.path, pause]) { continue }
                    Issue.record("\(file.path):\(index + 1) has '\(pause)'")
                }
            }
        }
    }

    /// Where time may pass: a program that a test started is killed when it outlives its limit,
    /// and no test goes on because of it.
    private static let limits = [["Tests/EndToEndTests/RunningProgram.swift", "asyncAfter"]]

    /// Whether the word is part of another one, as in `DispatchTask {` or `Footprint(`.
    private func isAllowed(_ word: String, _ line: String) -> Bool {
        guard let range = line.range(of: word), range.lowerBound > line.startIndex else {
            return false
        }
        let before = line[line.index(before: range.lowerBound)]
        return before.isLetter || before == "." || before == "_"
    }

    /// The functions of a formatted file: from `func` or `init` to the brace in the same column.
    private func functions(in file: SourceFile) -> [(line: Int, length: Int)] {
        var found: [(Int, Int)] = []
        var open: [(indent: Int, line: Int)] = []
        for (index, line) in file.lines.enumerated() {
            let indent = line.prefix { $0 == " " }.count
            let text = line.dropFirst(indent)
            if text.contains("func ") || text.hasPrefix("init") || text.contains(" init(") {
                if !text.hasPrefix("//"), !text.hasPrefix("case"), !text.hasPrefix(".") {
                    open.append((indent, index))
                }
            }
            while let last = open.last, indent <= last.indent, index > last.line, !text.isEmpty {
                if text.hasPrefix("}") {
                    found.append((last.line + 1, index - last.line + 1))
                    open.removeLast()
                } else if indent < last.indent || !text.hasPrefix(")") {
                    open.removeLast()
                } else {
                    break
                }
            }
        }
        return found
    }
}
