/// How a submitted command ended.
///
/// `beforeCommit` true means: the byte after which silence means "unknown" was never handed
/// out. A command that commits nothing is always before its commit point.
package enum ATResult: Hashable, Sendable {
    /// `OK` with the proof that the command asked for; the information lines in order.
    case ok([String])
    /// An error result code and the information lines read before it.
    case refused(ATError, [String])
    case timedOut(beforeCommit: Bool)
    /// The answer contradicts itself, lacks its proof or exceeds the limits; the reason is
    /// constant text without anything the modem sent.
    case garbled(beforeCommit: Bool, String)
    /// Nothing that commits was written, and nothing will be.
    ///
    /// The channel was busy, the command or payload held a byte outside printable ASCII, or the
    /// caller abandoned the prompt.
    case notSent
    case closed(beforeCommit: Bool)
}

extension ATResult: CustomStringConvertible {
    /// The result without any line of the modem, which may hold numbers and texts.
    package var description: String {
        switch self {
        case .ok(let lines): "ok, \(lines.count) lines"
        case .refused(let error, let lines): "refused: \(error), \(lines.count) lines"
        case .timedOut(let beforeCommit): "timed out, \(Self.words(beforeCommit))"
        case .garbled(let beforeCommit, let reason):
            "garbled, \(Self.words(beforeCommit)): \(reason)"
        case .notSent: "not sent"
        case .closed(let beforeCommit): "port closed, \(Self.words(beforeCommit))"
        }
    }

    private static func words(_ beforeCommit: Bool) -> String {
        beforeCommit ? "before the commit point" : "after the commit point"
    }
}
