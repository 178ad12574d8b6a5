import ControlAPI
import Recharge
import TextDecoding

/// Sends a batch file to the daemon, for good or to be checked.
struct BatchSubmission {
    let file: InputFile
    /// As the person wrote it.
    let path: String
    let encoding: TextEncoding?
    let carrier: CarrierID?
    /// Nil: the content's own, so that the same file sent twice is one batch.
    let key: String?
    /// Whether what looks like a duplicate is meant; a second person approves it.
    let allowsDuplicates: Bool

    /// Orders the batch.
    func submit(
        acceptsValid: Bool,
        _ client: ControlClient
    ) async throws -> ControlReply<BatchReceipt> {
        let query = [
            ("accept_valid", acceptsValid ? "true" : nil),
            ("allow_duplicates", allowsDuplicates ? "true" : nil),
        ]
        return try await send(ControlPath.batches, query, client)
    }

    /// Has the batch checked; nothing is ordered.
    func check(_ client: ControlClient) async throws -> BatchReport {
        try await send(
            ControlPath.batchCheck,
            [("allow_duplicates", allowsDuplicates ? "true" : nil)],
            client
        ).value
    }

    private func send<Answer: Decodable & Sendable>(
        _ route: String,
        _ query: [(String, String?)],
        _ client: ControlClient
    ) async throws -> ControlReply<Answer> {
        let digest = try file.digest()
        let name = path.split(separator: "/").last.map { String($0) } ?? path
        let all = [("name", path == "-" ? "stdin" : name), ("carrier", carrier?.name)] + query
        var sent = ContentDigest()
        var offset = 0
        return try await client.upload(
            ControlPath.with(all, route),
            contentType: encoding.map { "text/csv; charset=\($0.rawValue)" } ?? "text/csv",
            key: key ?? OrderKey.batch(digest, carrier: carrier?.name)
        ) {
            let chunk = try file.chunk(at: offset)
            guard chunk.isEmpty else {
                offset += chunk.count
                sent.update(chunk)
                return chunk
            }
            guard sent == digest else {
                throw Failure(
                    .badInput,
                    "\(file.name) changed while it was read: send it again when complete"
                )
            }
            return nil
        }
    }
}
