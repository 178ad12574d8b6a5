import ControlAPI
import Glibc
import Recharge
import TextDecoding

/// Writes the rows that were left out of a batch to a file of their own.
///
/// Once corrected it can be submitted as it is.
enum RefusedRows {
    /// How many names are tried before giving up.
    private static let namesMax = 1000

    /// Writes the file and gives its name: beside the input, and never over an earlier one.
    static func write(
        _ receipt: BatchReceipt,
        of file: InputFile,
        encoding: TextEncoding?,
        path: String
    ) throws(Failure) -> String {
        let target = try freeName(path == "-" ? "stdin" : path)
        let output = try OutputFile(target)
        let refused = Set(receipt.refusedLines)
        let mistakes = Dictionary(grouping: receipt.mistakes) { $0.line ?? 0 }
        // No carrier is known to this reader, so that it refuses every row and hands out each one
        // as it stood; which of them the daemon refused, and why, the receipt says.
        var reader = BatchReader(
            BatchContext(
                key: NewJob.Key(client: "", key: ""),
                now: Timestamp(milliseconds: 0),
                defaultCarrier: CarrierID("none"),
                carriers: [:]
            )
        )
        var form: BatchRefusedFile?
        try LocalCheck.read(file, encoding) { (text: [UInt8]?) throws(Failure) in
            let portion = text.map { reader.consume($0) } ?? reader.finish()
            if form == nil, let begun = BatchRefusedFile(reader) {
                form = begun
                try output.append(begun.header)
            }
            guard let form else { return }
            for var row in portion.refused where refused.contains(row.line) {
                row.mistakes = (mistakes[row.line] ?? []).map { BatchMistake($0) }
                try output.append(form.row(row))
            }
        }
        try output.finish()
        return target
    }

    private static func freeName(_ path: String) throws(Failure) -> String {
        for number in 1...namesMax {
            let name = number == 1 ? "\(path).refused.csv" : "\(path).refused.\(number).csv"
            if access(name, F_OK) != 0 { return name }
        }
        throw Failure(.fileFailed, "\(path).refused.csv: there are too many: remove the old ones")
    }
}
