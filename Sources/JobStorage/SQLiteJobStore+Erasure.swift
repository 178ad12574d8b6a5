import GRDB
package import Recharge

/// Retention and erasure: what is to go is found on a reader, and goes in chunks of the writer.
extension SQLiteJobStore {
    package func erase(
        _ number: PhoneNumber,
        national: String,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Erasure {
        let scope = ErasureScope(number: number, national: national)
        let jobs = try await ids(
            "SELECT id FROM job WHERE \(Schema.numberKey) = CAST(? AS INTEGER)",
            [number.e164]
        )
        var erasure = try await erase(jobs: jobs, scope, by: actor, at: now)
        let quoting = try await pool.read { try scope.quoting($0) }
        erasure.messages += try await blank(messages: quoting, scope, at: now)
        let counts = erasure
        try await queue.perform { turn in
            try turn.record(.numberErased, by: actor, at: now, counts.details(reason))
        }
        try await emptyLog()
        return erasure
    }

    /// Takes what was erased out of the log, too: it has the old pages until it begins anew.
    private func emptyLog() async throws {
        try await queue.perform { $0.memory.erasedPages = .fresh }
        // Behind the next call the writer has tried.
        try await queue.perform { _ in }
    }

    package func retain(_ retention: Retention, at now: Timestamp) async throws -> Erasure {
        let isOnHold = try await queue.perform { $0.memory.hold != nil }
        guard !isOnHold else { return Erasure() }
        func limit(_ age: Duration?) -> Timestamp? { age.map { now.advanced(by: .zero - $0) } }
        var erasure = Erasure()
        var scope = ErasureScope()
        scope.unlistedBefore = limit(retention.unlistedSenders)
        scope.messagesBefore = limit(retention.messages)
        let due = """
            SELECT id FROM inbox WHERE is_listed = 0 AND blanked_at IS NULL AND filed_at < ?1
              AND attempt_id IS NULL AND is_read = 1
            UNION SELECT id FROM inbox WHERE attempt_id IS NULL AND blanked_at IS NULL
              AND filed_at < ?2 AND is_read = 1
            """
        let messages = try await ids(
            due,
            [scope.unlistedBefore?.milliseconds, scope.messagesBefore?.milliseconds]
        )
        erasure.messages = try await blank(messages: messages, scope, at: now)
        if let before = limit(retention.numbers) {
            let old = try await ids(
                """
                SELECT id FROM job WHERE finished_at < ? AND number <> '\(PhoneNumber.erased.e164)'
                AND NOT EXISTS (SELECT 1 FROM dispute WHERE job_id = job.id AND state = 'open')
                """,
                [before.milliseconds]
            )
            let done = try await erase(
                jobs: old,
                ErasureScope(jobsBefore: before),
                by: .gateway,
                at: now
            )
            erasure.jobs = done.jobs
            erasure.messages += done.messages
        }
        guard erasure != Erasure() else { return erasure }
        let counts = erasure
        try await queue.perform { turn in
            let details = counts.details("kept for as long as the configuration says")
            try turn.record(.textsErased, by: .gateway, at: now, details)
        }
        try await emptyLog()
        return erasure
    }

    private func ids(_ sql: String, _ arguments: StatementArguments) async throws -> [Int64] {
        try await pool.read { try Int64.fetchAll($0, sql: sql, arguments: arguments) }
    }

    private func erase(
        jobs: [Int64],
        _ scope: ErasureScope,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Erasure {
        var erasure = Erasure()
        var rest = jobs[...]
        while !rest.isEmpty {
            let chunk = rest
            let (seen, done) = try await queue.perform(.bulk) { turn in
                var done = Erasure()
                let seen = try turn.erase(jobs: chunk, scope, into: &done, by: actor, at: now)
                return (seen, done)
            }
            erasure.jobs += done.jobs
            erasure.messages += done.messages
            erasure.kept += done.kept
            rest = rest.dropFirst(seen)
        }
        return erasure
    }

    private func blank(
        messages: [Int64],
        _ scope: ErasureScope,
        at now: Timestamp
    ) async throws -> Int {
        var rest = messages[...]
        while !rest.isEmpty {
            let chunk = rest
            let seen = try await queue.perform(.bulk) { turn in
                var done = Erasure()
                return try turn.blank(messages: chunk, scope, into: &done, at: now)
            }
            rest = rest.dropFirst(seen)
        }
        return messages.count
    }
}

extension Erasure {
    fileprivate func details(_ reason: String) -> [(String, String)] {
        [
            ("jobs", String(jobs)), ("messages", String(messages)), ("kept", String(kept)),
            ("reason", reason),
        ]
    }
}
