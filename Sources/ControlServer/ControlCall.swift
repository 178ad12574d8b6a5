import ControlAPI
import HTTPTypes
import Hummingbird
import JobStorage
import NIOCore
import Recharge

/// One request, who sent it and when: what a route works with.
struct ControlCall: Sendable {
    /// The longest JSON body.
    static let jsonBytesMax = 64 << 10
    /// The most items on a page.
    static let pageMax = 1000
    static let keyBytesMax = 200

    let request: Request
    let parameters: Parameters
    let peer: Peer
    let role: Role
    let at: Timestamp
    /// How long the body may take to arrive.
    let bodyTime: Duration

    var actor: JobStorage.Actor { peer.actor }

    // MARK: Path and query

    func query(_ name: String) -> String? {
        request.uri.queryParameters.get(name)
    }

    /// A flag is set by `true` or `1`, or by its bare name.
    func flag(_ name: String) throws -> Bool {
        switch query(name) {
        case nil, "false", "0": return false
        case "", "true", "1": return true
        case .some(let other):
            throw Problem(
                .badRequest,
                detail: "\(name)=\(other.visible): write \(name)=true, or leave it out"
            )
        }
    }

    func number(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
        guard let text = query(name) else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw Problem(
                .badRequest,
                detail: "\(name)=\(text.visible) is not a number from \(range.lowerBound) to "
                    + "\(range.upperBound)"
            )
        }
        return number
    }

    func cursor() throws -> Int64? {
        try number("after", in: 0...Int64.max)
    }

    func limit() throws -> Int {
        Int(try number("limit", in: 1...Int64(ControlCall.pageMax)) ?? 100)
    }

    func jobID() throws -> Job.ID {
        Job.ID(try id("job"))
    }

    func batchID() throws -> Batch.ID {
        Batch.ID(try id("batch"))
    }

    func iccid() throws -> ICCID {
        let text = parameters.get("iccid") ?? ""
        guard let iccid = ICCID(text) else {
            throw Problem(
                .notFound,
                detail: "SIM \(text.visible): an ICCID has 18 to 22 digits"
            )
        }
        return iccid
    }

    func id(_ kind: String) throws -> Int64 {
        let text = parameters.get("id") ?? ""
        guard let id = Int64(text), id > 0 else {
            throw Problem(.notFound, detail: "\(kind) \(text.visible): a \(kind) has a number")
        }
        return id
    }

    // MARK: Key and body

    typealias Body = AsyncThrowingMapSequence<RequestBody, ByteBuffer>

    /// The body as it arrives, refused when it takes too long as a whole.
    ///
    /// The server's own limit is for silence: a byte now and then would keep a request for ever.
    func body() -> Body {
        let end = ContinuousClock.now.advanced(by: bodyTime)
        return request.body.map { [bodyTime] chunk in
            guard ContinuousClock.now <= end else {
                throw Problem(
                    .tooSlow,
                    detail: "the body takes longer than \(bodyTime.components.seconds) s to "
                        + "arrive: nothing of it was taken"
                )
            }
            return chunk
        }
    }

    /// The client's key for this order (header `Idempotency-Key`).
    func key() throws -> NewJob.Key {
        guard let name = HTTPField.Name("Idempotency-Key"), let key = request.headers[name],
            !key.isEmpty
        else {
            throw Problem(
                .missingKey,
                detail: "send a header Idempotency-Key with a text of your choosing: "
                    + "repeating the request with the same key is then safe"
            )
        }
        guard key.utf8.count <= ControlCall.keyBytesMax,
            key.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw Problem(
                .badKey,
                detail: "an Idempotency-Key is up to \(ControlCall.keyBytesMax) "
                    + "printable ASCII characters"
            )
        }
        return NewJob.Key(client: peer.client, key: key)
    }

    /// Reads a JSON body; its content type does not matter.
    func body<Value: Decodable>(
        _ type: Value.Type,
        bytesMax: Int = ControlCall.jsonBytesMax
    ) async throws -> (Value, [UInt8]) {
        var bytes: [UInt8] = []
        for try await chunk in self.body() {
            bytes += chunk.readableBytesView
            guard bytes.count <= bytesMax else {
                throw Problem(
                    .tooLarge,
                    detail: "the body is longer than \(bytesMax) bytes"
                )
            }
        }
        do {
            return (try WireJSON.decode(type, from: bytes), bytes)
        } catch let error as DecodingError {
            throw Problem(unreadable: error)
        }
    }
}
