/// The file of the rows that were not taken: as they stood, with a last column that says why.
///
/// Once corrected it can be sent as it is: the reader ignores the column `mistakes`.
package struct BatchRefusedFile: Sendable {
    /// The header line with its line end.
    package let header: [UInt8]
    private let separator: UInt8
    private let hasMistakes: Bool

    /// Takes over the form of the file that was read; nil before its header was.
    package init?(_ reader: BatchReader) {
        guard let header = reader.header else { return nil }
        separator = reader.separator
        let last = header.split(separator: separator).last.map {
            String(decoding: $0, as: UTF8.self)
        }
        hasMistakes = last.flatMap { BatchColumn(header: $0) } == .mistakes
        self.header =
            hasMistakes ? header + [0x0A] : header + [separator] + Array("mistakes\n".utf8)
    }

    /// A refused row with its line end.
    package func row(_ refusal: BatchRefusal) -> [UInt8] {
        let texts = refusal.mistakes.map(\.description).joined(separator: " | ")
        return refusal.raw + [separator] + Array(CSVText.cell(texts).utf8) + [0x0A]
    }
}
