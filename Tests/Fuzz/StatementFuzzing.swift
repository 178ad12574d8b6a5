import Carriers
import Recharge

/// Carriers' statements: how they are cut into chunks changes nothing, and what is taken from them
/// stands in them, once.
enum StatementFuzzing {
    static func check(_ file: [UInt8], by profile: CarrierProfile, _ cutting: Cutting) throws {
        guard let whole = Reading(Cutting.whole.pieces(file[...]), profile) else { return }
        let reader = whole.reader
        try demand(
            Reading(cutting.pieces(file[...]), profile)?.said == whole.said,
            "the statement depends on how it is cut"
        )
        try demand(reader.chargedCount == whole.lines.count, "\(reader.chargedCount) charged")
        try demand(reader.mistakes.count <= reader.mistakeCount, "mistakes were not counted")
        try demand(
            !reader.isUnreadable || reader.mistakeCount > 0,
            "unreadable without a mistake"
        )
        let numbers = whole.lines.map(\.line)
        try demand(Set(numbers).count == numbers.count, "two charges in one line")
        try demand(numbers == numbers.sorted(), "lines: \(numbers)")
        let serials = whole.lines.map(\.serial)
        try demand(Set(serials).count == serials.count, "a serial twice: \(serials)")
        let text = String(decoding: file, as: UTF8.self)
        for line in whole.lines {
            try demand(line.amount.minorUnits > 0, "charged \(line.amount)")
            try demand(text.utf8.contains(line.serial.utf8), "\(line.serial) stands nowhere")
        }
    }

    /// What a reader makes of a file.
    private struct Reading {
        /// Everything that it says.
        struct Said: Equatable {
            var lines: [StatementLine]
            var mistakes: [StatementMistake]
            var counts: [Int]
            var isUnreadable: Bool
        }

        let lines: [StatementLine]
        let reader: StatementReader

        init?(_ pieces: [[UInt8]], _ profile: CarrierProfile) {
            guard var reader = StatementReader(profile) else { return nil }
            lines = pieces.flatMap { reader.consume($0) } + reader.finish()
            self.reader = reader
        }

        var said: Said {
            Said(
                lines: lines,
                mistakes: reader.mistakes,
                counts: [reader.mistakeCount, reader.skippedCount, reader.chargedCount],
                isUnreadable: reader.isUnreadable
            )
        }
    }
}
