import Recharge

extension ProposalView {
    /// What a body may say, whatever its kind.
    private struct Content: Decodable {
        var finding: String?
        var serial: String?
        var measure: String?
        var before: String?
        var after: String?
        var repeats: String?
        var batch: String?
        var rows: Int?
        var sum: String?
        var imei: String?
        var port: String?
    }

    /// What exactly shall be done, for whoever decides it.
    package var what: String {
        guard let content = try? WireJSON.decode(Content.self, from: Array(body.utf8)) else {
            return body
        }
        let parts: [String?] =
            switch kind {
            case .verdict: [verdict(content)]
            case .limit: [limit(content)]
            case .duplicate:
                [
                    content.batch, content.rows.map { "\($0) rows" }, content.sum,
                    content.repeats,
                ]
            case .enrolment: [content.port.map { "in \($0)" }, content.imei.map { "IMEI \($0)" }]
            case .reversal: ["take the recharge back"]
            case .profile: ["let it move money"]
            }
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    private func verdict(_ content: Content) -> String? {
        switch content.finding {
        case "succeeded": "succeeded, \(content.serial.map { "serial \($0)" } ?? "no serial")"
        case "not_executed": "not executed, is sent again"
        case "cancelled": "not executed, is cancelled"
        case let other: other
        }
    }

    private func limit(_ content: Content) -> String? {
        guard let before = content.before, let after = content.after else { return nil }
        let unit = content.measure == UseMeasure.sum.rawValue ? " in minor units" : ""
        return "from \(before) to \(after)\(unit)"
    }
}
