import ControlAPI

/// How a cell is shown where there are colours.
enum Style: Hashable, Sendable {
    case plain
    case strong
    case faint
    case good
    case bad
    case doubtful

    /// The parameter of the SGR sequence (ECMA-48 §8.3.117).
    private var parameter: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .bad: "31"
        case .doubtful: "33"
        }
    }

    func applied(to text: String) -> String {
        parameter.map { "\u{1B}[\($0)m\(text)\u{1B}[0m" } ?? text
    }
}

/// One cell of a table; control characters in it are made visible.
struct Cell: Hashable, Sendable {
    let text: String
    let style: Style

    init(_ text: String?, _ style: Style = .plain) {
        self.text = (text ?? "").visible
        self.style = style
    }

    init(_ number: some BinaryInteger) {
        self.init(String(number))
    }
}

/// A table of aligned columns, two spaces apart; a wide East Asian character takes two columns.
struct TextTable: Hashable, Sendable {
    struct Column: Hashable, Sendable {
        var title: String
        var isNumeric = false
    }

    let columns: [Column]
    private(set) var rows: [[Cell]] = []

    /// Names the columns; a name that ends with `#` aligns its column to the right.
    init(_ titles: [String]) {
        columns = titles.map { title in
            title.hasSuffix("#")
                ? Column(title: String(title.dropLast()), isNumeric: true) : Column(title: title)
        }
    }

    mutating func add(_ cells: [Cell]) {
        rows.append(cells)
    }

    func lines(hasColor: Bool) -> [String] {
        let header = columns.map { Cell($0.title, .strong) }
        let hasTitles = columns.contains { !$0.title.isEmpty }
        let all = (hasTitles ? [header] : []) + rows
        let widths = columns.indices.map { index in
            all.map { index < $0.count ? $0[index].text.columnCount : 0 }.max() ?? 0
        }
        return all.map { row in
            var line = ""
            for (index, cell) in row.enumerated() where index < columns.count {
                let room = widths[index] - cell.text.columnCount
                let padding = String(repeating: " ", count: room)
                let shown = hasColor ? cell.style.applied(to: cell.text) : cell.text
                let isLast = index == row.count - 1
                if index > 0 { line += "  " }
                line += columns[index].isNumeric ? padding + shown : shown + (isLast ? "" : padding)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

extension TextTable {
    /// A list of names and values, those without a value left out.
    static func fields(_ fields: [(String, Cell?)]) -> TextTable {
        var table = TextTable(["", ""])
        for (name, value) in fields {
            if let value, !value.text.isEmpty { table.add([Cell(name, .faint), value]) }
        }
        return table
    }
}

extension String {
    /// How many columns of a terminal the text takes (Unicode annex 11, and marks that take none).
    var columnCount: Int {
        unicodeScalars.reduce(0) { $0 + $1.columnCount }
    }

    /// As much of the beginning as fits into that many columns.
    func prefix(columns: Int) -> String {
        var room = columns
        var kept = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            room -= scalar.columnCount
            guard room >= 0 else { break }
            kept.append(scalar)
        }
        return String(kept)
    }
}

extension Unicode.Scalar {
    fileprivate var columnCount: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        switch value {
        case 0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC,
            0x2614...0x2615, 0x26A1, 0x26D4, 0x2705, 0x274C, 0x2753...0x2755,
            0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
