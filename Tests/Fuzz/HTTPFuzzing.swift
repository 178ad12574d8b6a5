import JobStorage

/// Requests to the control socket's own router and queue, up to four in a row.
///
/// Whatever is asked, the answer is a document, a question or a refusal changes nothing, an order that
/// is repeated with its key happens once, and the books and the chain of events agree.
///
/// ```
/// choices | POST /v1/jobs HTTP/1.1 | header lines | (empty) | body | 00 | the next request…
///       └ bit 0: the read socket; bit 1: of a user without a role
/// ```
actor HTTPFuzzing {
    static let shared = HTTPFuzzing()

    private var queue: FilledQueue?
    private var rig: HTTPRig?

    func run(_ bytes: [UInt8]) async throws {
        var input = FuzzInput(bytes)
        let choices = input.byte()
        let rig = try await freshRig()
        let door = HTTPRig.Door(isRead: choices & 1 != 0, isAdmin: choices & 2 == 0)
        let before = try await rig.lastSequence()
        for request in input.rest.split(separator: 0).prefix(4) {
            guard let asked = AskedRequest(request) else { continue }
            try await check(asked, door, rig)
        }
        guard try await rig.lastSequence() != before else { return }
        // The next run finds the queue as this one did, so that a finding replays.
        self.rig = nil
        try await rig.checkBooks()
        try rig.store.close()
    }

    private func freshRig() async throws -> HTTPRig {
        if let rig { return rig }
        let queue = if let queue { queue } else { try await FilledQueue() }
        self.queue = queue
        let next = try HTTPRig(queue)
        rig = next
        return next
    }

    private func check(_ asked: AskedRequest, _ door: HTTPRig.Door, _ rig: HTTPRig) async throws {
        let before = try await rig.lastSequence()
        let answer = try await rig.answer(asked, door)
        let after = try await rig.lastSequence()
        try demand(answer.status != 500, "\(asked.name): \(answer.text)")
        try answer.checkForm(asked)
        guard asked.isOrder, !door.isRead, answer.status < 300 else {
            return try demand(
                // A backup is a question that is on record.
                after == before || answer.isBackup,
                "\(asked.name): \(answer.status), and it happened"
            )
        }
        let again = try await rig.answer(asked, door)
        try demand(again.status == 200, "\(asked.name), repeated: \(again.status) \(again.text)")
        try demand(
            try await rig.lastSequence() == after,
            "\(asked.name) happened twice under one key"
        )
    }
}
