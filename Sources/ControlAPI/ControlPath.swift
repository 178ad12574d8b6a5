package import Recharge

/// The paths of the control socket, as clients ask for them.
package enum ControlPath {
    package static let jobs = "/v1/jobs"
    package static let batches = "/v1/batches"
    package static let batchCheck = "/v1/batches/check"
    package static let sims = "/v1/sims"
    package static let modems = "/v1/modems"
    package static let profiles = "/v1/profiles"
    package static let inbox = "/v1/inbox"
    package static let hold = "/v1/hold"
    package static let release = "/v1/release"
    package static let stats = "/v1/stats"
    package static let events = "/v1/events"
    package static let floats = "/v1/floats"
    package static let verify = "/v1/verify"
    package static let audit = "/v1/audit"
    package static let auditVerify = "/v1/audit/verify"
    package static let backup = "/v1/backup"
    package static let erasures = "/v1/erasures"
    package static let restoredRelease = "/v1/restored/release"
    package static let metrics = "/metrics"
    package static let alive = "/healthz"
    package static let ready = "/readyz"
    package static let openAPI = "/openapi.json"

    /// What a person may do to one job.
    package enum JobAction: String, Hashable, Sendable, CaseIterable {
        case cancel
        case release
        case resolve
        case reverse
        case dispute
    }

    /// What a person may do to one batch.
    package enum BatchAction: String, Hashable, Sendable, CaseIterable {
        case pause
        case resume
        case cancel
    }

    /// What a person may do to one SIM.
    package enum SIMAction: String, Hashable, Sendable, CaseIterable {
        case pause
        case resume
        case enrol
        /// Its history was compared since a restore.
        case reconcile
    }

    /// What a person may do to the float of one SIM.
    package enum FloatAction: String, Hashable, Sendable, CaseIterable {
        case topUp = "topup"
        case reconcile
    }

    package static func job(_ id: Job.ID) -> String { "\(jobs)/\(id)" }

    package static func job(_ id: Job.ID, _ action: JobAction) -> String {
        "\(jobs)/\(id)/\(action.rawValue)"
    }

    package static func batch(_ id: Batch.ID) -> String { "\(batches)/\(id)" }
    package static func results(of id: Batch.ID) -> String { "\(batches)/\(id)/results" }

    package static func batch(_ id: Batch.ID, _ action: BatchAction) -> String {
        "\(batches)/\(id)/\(action.rawValue)"
    }

    package static func sim(_ iccid: ICCID, _ action: SIMAction) -> String {
        "\(sims)/\(iccid)/\(action.rawValue)"
    }

    package static func verify(_ carrier: CarrierID) -> String { "\(profiles)/\(carrier)/verify" }

    package static func movements(of iccid: ICCID) -> String { "\(floats)/\(iccid)/movements" }

    package static func float(_ iccid: ICCID, _ action: FloatAction) -> String {
        "\(floats)/\(iccid)/\(action.rawValue)"
    }

    /// A path with its query, percent-encoded; parameters without a value are left out.
    package static func with(_ query: [(String, String?)], _ path: String) -> String {
        let pairs = query.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }
        return pairs.isEmpty ? path : "\(path)?\(pairs.joined(separator: "&"))"
    }

    /// Escapes all but the unreserved characters (RFC 3986 §2.3).
    private static func encoded(_ text: String) -> String {
        var escaped = ""
        for octet in text.utf8 {
            switch octet {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                escaped.unicodeScalars.append(Unicode.Scalar(octet))
            default:
                let digits = String(octet, radix: 16, uppercase: true)
                escaped += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return escaped
    }
}
