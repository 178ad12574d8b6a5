package import Recharge

/// What every order carries that a person must answer for.
package protocol ReasonedBody: Codable, Sendable {
    /// Why, in the person's words: it goes into the event.
    var reason: String { get }
}

/// The body of `POST /v1/jobs/{id}/resolve`: a verdict by hand.
package struct ResolveBody: ReasonedBody, Hashable {
    package enum Finding: String, Codable, Hashable, Sendable, CaseIterable {
        case succeeded
        case notExecuted = "not_executed"
    }

    package var finding: Finding
    /// The carrier's serial number, where it is known.
    package var serial: String?
    /// Whether a job that was not executed is cancelled rather than tried again.
    package var cancel: Bool?
    package var reason: String
    /// The file that shows it, in Base64 (RFC 4648).
    package var evidence: String

    package init(finding: Finding, reason: String, evidence: String) {
        self.finding = finding
        self.reason = reason
        self.evidence = evidence
    }
}

/// The body of `POST /v1/jobs/{id}/dispute`: a complaint.
package struct DisputeBody: ReasonedBody, Hashable {
    package var reason: String
    /// Until when it should be answered; absent: 48 hours from now.
    package var dueAt: Timestamp?

    package init(reason: String, dueAt: Timestamp? = nil) {
        self.reason = reason
        self.dueAt = dueAt
    }
}

/// The body of `POST /v1/profiles/{id}/verify`.
package struct VerifyBody: ReasonedBody, Hashable {
    /// The SHA-256 of the file that was verified, in small hexadecimal digits.
    package var digest: String
    package var reason: String

    package init(digest: String, reason: String) {
        self.digest = digest
        self.reason = reason
    }
}

/// The body of `POST /v1/disputes/{id}/close`.
package struct CloseBody: ReasonedBody, Hashable {
    /// Anything but `open`.
    package var state: Dispute.State
    package var reason: String

    package init(state: Dispute.State, reason: String) {
        self.state = state
        self.reason = reason
    }
}

/// The body of `POST /v1/statements`: a carrier's record, as the carrier gave it.
package struct StatementBody: ReasonedBody, Hashable {
    package var carrier: CarrierID
    /// The SIM whose record it is; absent: of any.
    package var sim: ICCID?
    /// Whether it is complete for all SIMs of the carrier.
    package var allSims: Bool?
    /// From when on it is complete; absent: from its first line on.
    package var coversFrom: Timestamp?
    /// Until when it is complete; absent: an absent record says nothing.
    package var coversUntil: Timestamp?
    package var name: String
    package var reason: String
    /// The whole file in UTF-8, laid out as the carrier's profile says.
    package var csv: String

    package init(carrier: CarrierID, name: String, csv: String, reason: String) {
        self.csv = csv
        self.carrier = carrier
        self.name = name
        self.reason = reason
    }
}
