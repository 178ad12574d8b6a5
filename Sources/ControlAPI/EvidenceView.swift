package import Recharge

/// One thing that speaks for or against an attempt.
package struct EvidenceView: Codable, Hashable, Sendable {
    package var kind: Evidence.Kind
    /// `E0` to `E4`; higher proves more.
    package var grade: String
    package var verdict: Evidence.Verdict
    package var parsed: String
    /// As it came, control characters made visible.
    package var raw: String
    /// When it was filed.
    package var at: Timestamp?
    /// When its message was sent, by the network's clock.
    package var sentAt: Timestamp?

    package init(_ evidence: Evidence) {
        kind = evidence.kind
        grade = "E\(evidence.grade.rawValue)"
        verdict = evidence.verdict
        parsed = evidence.parsed.visible
        raw = VisibleText(octets: evidence.raw).text
        sentAt = evidence.sentAt
    }
}
