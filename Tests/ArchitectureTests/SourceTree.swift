import Foundation

/// One Swift file of the package.
struct SourceFile: Sendable, CustomStringConvertible {
    /// Relative to the root of the package.
    let path: String
    let lines: [String]

    /// The target's folder: `Recharge` for `Sources/Recharge/Amount.swift`.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    var description: String { path }

    /// The modules that it imports.
    var imports: [String] {
        lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index <= 2, !line.hasPrefix(" "),
                words.count > index + 1, !line.hasPrefix("//")
            else { return nil }
            let module = words[index + 1] == "struct" ? words[index + 2] : words[index + 1]
            return String(module.split(separator: ".")[0])
        }
    }
}

/// The sources and tests of the package, read once.
enum SourceTree {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let sources = files(in: "Sources")
    static let tests = files(in: "Tests")

    private static func files(in folder: String) -> [SourceFile] {
        let base = root.appending(path: folder)
        guard let paths = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map {
            let text = (try? String(contentsOf: base.appending(path: $0), encoding: .utf8)) ?? ""
            return SourceFile(path: "\(folder)/\($0)", lines: text.components(separatedBy: "\n"))
        }
    }
}
