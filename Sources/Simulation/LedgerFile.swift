import Foundation
import Recharge

/// The ledger of truth on disk: one JSON line per charge, reversal or refusal.
///
/// Each is there before its answer leaves. Written without a buffer, so that it can be read while
/// the centre runs. A last line without its line feed is one that a kill cut off: nobody was told
/// of it, and it is taken away.
package final class LedgerFile: Sendable {
    package let path: String
    /// What it held when it was opened.
    package let entries: [LedgerEntry]
    private let descriptor: CInt

    /// Opens or creates it, to append.
    package init(path: String) throws(SimulationError) {
        self.path = path
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SimulationError("open the ledger", path, errno: errno) }
        do throws(SimulationError) {
            let contents = try Self.contents(path)
            entries = try Self.entries(contents.prefix(Self.completeCount(contents)), path: path)
            guard ftruncate(descriptor, off_t(Self.completeCount(contents))) == 0 else {
                throw SimulationError("cut the unfinished line of the ledger", path, errno: errno)
            }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Reads the complete lines of a ledger that a centre may be writing to.
    package static func entries(path: String) throws(SimulationError) -> [LedgerEntry] {
        let contents = try contents(path)
        return try entries(contents.prefix(completeCount(contents)), path: path)
    }

    func append(_ entry: LedgerEntry) throws(SimulationError) {
        let line = Array((entry.json + "\n").utf8)
        var written = 0
        while written < line.count {
            let count = line[written...].withUnsafeBytes { rest in
                Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            guard count > 0 || errno == EINTR else {
                throw SimulationError("write to the ledger", path, errno: errno)
            }
            written += max(0, count)
        }
    }

    private static func contents(_ path: String) throws(SimulationError) -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw SimulationError("read the ledger", path, error.localizedDescription)
        }
    }

    private static func completeCount(_ contents: Data) -> Int {
        contents.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    }

    private static func entries(
        _ lines: Data,
        path: String
    ) throws(SimulationError) -> [LedgerEntry] {
        var entries: [LedgerEntry] = []
        let decoder = JSONDecoder()
        for (number, line) in lines.split(separator: 0x0A).enumerated() {
            guard let record = try? decoder.decode(LedgerRecord.self, from: line),
                let entry = record.entry
            else {
                throw SimulationError(
                    "read the ledger",
                    "\(path), line \(number + 1)",
                    "not an entry; take the line out or name another file"
                )
            }
            entries.append(entry)
        }
        return entries
    }
}

/// An entry as its JSON spells it.
private struct LedgerRecord: Decodable {
    let kind: String
    let serial: String?
    let original: String?
    let reason: String?
    let requestID: String
    let iccid: String
    let number: String
    let amountMinor: Int64
    let currency: String
    let at: String
    let balanceMinor: Int64

    enum CodingKeys: String, CodingKey {
        case kind
        case serial
        case original
        case reason
        case requestID = "request_id"
        case iccid
        case number
        case amountMinor = "amount_minor"
        case currency
        case at
        case balanceMinor = "balance_minor"
    }

    var entry: LedgerEntry? {
        let outcome: LedgerEntry.Outcome
        switch (kind, serial, original) {
        case ("charge", let serial?, nil): outcome = .charged(serial: serial)
        case ("refusal", nil, nil):
            guard let refusal = reason.flatMap(Refusal.init) else { return nil }
            outcome = .refused(refusal)
        case ("reversal", let serial?, let original?):
            outcome = .reversed(serial: serial, original: original)
        case ("reversal_refusal", nil, let original?):
            guard let refusal = reason.flatMap(ReversalRefusal.init) else { return nil }
            outcome = .notReversed(refusal, original: original)
        default: return nil
        }
        guard let iccid = ICCID(iccid), let at = Timestamp(at),
            let currency = Currency(code: currency)
        else { return nil }
        return LedgerEntry(
            outcome: outcome,
            requestID: requestID,
            iccid: iccid,
            number: number,
            amount: Amount(minorUnits: amountMinor, currency: currency),
            at: at,
            balance: Amount(minorUnits: balanceMinor, currency: currency)
        )
    }
}
