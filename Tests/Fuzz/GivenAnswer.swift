import ControlAPI
import Foundation

/// What the router answered.
struct GivenAnswer: Sendable {
    let status: Int
    let type: String
    let body: [UInt8]

    var isBackup: Bool { type == "application/vnd.sqlite3" }
    var text: String { String(decoding: body.prefix(2000), as: UTF8.self) }

    /// A refusal is a problem document, and JSON is JSON.
    func checkForm(_ asked: AskedRequest) throws {
        guard status < 400 else {
            try demand(type == Problem.contentType, "\(asked.name): \(status) \(type)")
            let problem = try WireJSON.decode(Problem.self, from: body)
            try demand(problem.status == status, "\(asked.name): \(status) and \(problem.status)")
            return try demand(!problem.detail.isEmpty, "\(asked.name): no word of the cause")
        }
        guard type == "application/json" else { return }
        do {
            _ = try JSONSerialization.jsonObject(with: Data(body))
        } catch {
            throw Violation(description: "\(asked.name): not JSON: \(text)")
        }
    }
}
