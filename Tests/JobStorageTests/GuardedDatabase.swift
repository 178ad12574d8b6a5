import GRDB
import Recharge

@testable import JobStorage

/// A database with the guards and nothing between them and an attacker who writes SQL.
struct GuardedDatabase {
    let queue: DatabaseQueue

    /// What each begins as, made once, since that takes longer than an attack.
    private static let template = Result { try made() }

    init() throws {
        queue = try GuardedDatabase.opened()
        try GuardedDatabase.template.get().backup(to: queue)
    }

    private static func opened() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA recursive_triggers = ON") }
        return try DatabaseQueue(configuration: configuration)
    }

    /// Two enabled SIMs (1, 2), a batch (1) that is staging with its lane (2).
    private static func made() throws -> DatabaseQueue {
        let queue = try opened()
        try queue.writeWithoutTransaction { db in
            try Schema.migrate(db)
            try db.execute(
                sql: """
                    INSERT INTO sim (id, iccid, port, carrier, state, seen_at) VALUES
                      (1, '89860012340000000001', 'p1', 'simulated', 'enabled', 0),
                      (2, '89860012340000000002', 'p2', 'simulated', 'enabled', 0);
                    INSERT INTO batch (id, client, client_key, name, body_digest, state, row_count,
                      amount_sum, currency, created_at, created_by)
                    VALUES (1, 'c', 'b', 'b.csv', x'00', 'staging', 1, 1000, 'CNY', 0, 'test');
                    INSERT INTO lane (id, batch_id, stride, open) VALUES (2, 1, 8, 0)
                    """
            )
        }
        return queue
    }

    func run(_ statements: String...) throws {
        try queue.writeWithoutTransaction { db in
            do {
                for statement in statements { try db.execute(sql: statement) }
            } catch {
                if db.isInsideTransaction { try db.rollback() }
                throw error
            }
        }
    }

    func state(ofJob id: Int = 1) throws -> JobState? {
        try queue.read { db in
            let sql = "SELECT state FROM job WHERE id = ?"
            return try String.fetchOne(db, sql: sql, arguments: [id])
        }.flatMap { JobState(rawValue: $0) }
    }

    /// Why a guard refused; nil when everything passed.
    func refusal(_ statements: String...) -> String? {
        do {
            for statement in statements { try run(statement) }
            return nil
        } catch let error as DatabaseError {
            return error.message
        } catch {
            return "\(error)"
        }
    }

    // MARK: Statements

    static func insertJob(
        _ id: Int = 1,
        state: String = "ready",
        number: String = "+8613800000001",
        lane: Int = 1,
        line: String = "NULL",
        amount: Int = 1000,
        verb: String = "INSERT"
    ) -> String {
        """
        \(verb) INTO job (id, client, client_key, terms_digest, lane_id, batch_line, carrier, number,
          number_as_submitted, amount, currency, priority, state, hold_reason, due_at, rank,
          created_at, updated_at)
        VALUES (\(id), 'c', 'k\(id)', x'00112233445566778899aabbccddeeff', \(lane), \(line),
          'simulated', '\(number)', '1', \(amount), 'CNY', 4, '\(state)',
          \(state == "held" ? "'heldByPerson'" : "NULL"), 0, 0, 0, 0)
        """
    }

    /// A reversal of job 1.
    static func insertReversal() -> String {
        """
        INSERT INTO job (id, client, client_key, terms_digest, lane_id, carrier, number,
          number_as_submitted, amount, currency, priority, state, due_at, rank, created_at,
          updated_at, kind, reverses_id, only_sim_id)
        VALUES (9, 'c', 'k9', x'00112233445566778899aabbccddeeff', 1, 'simulated',
          '+8613800000001', '1', 1000, 'CNY', 4, 'ready', 0, 0, 0, 0, 'reversal', 1, 1)
        """
    }

    static func insertAttempt(_ n: Int = 1, job: Int = 1, sim: Int = 1) -> String {
        """
        INSERT INTO attempt (job_id, n, sim_id, carrier, armed_at, fence_until, day_began,
          balance_before, redacted_digest)
        VALUES (\(job), \(n), \(sim), 'simulated', 0, 0, 0, 20, x'00')
        """
    }

    static func insertEvidence(
        _ verdict: String,
        attempt: Int = 1,
        sim: Int = 1,
        grade: Int = 3,
        kind: String = "sms"
    ) -> String {
        """
        INSERT INTO evidence (attempt_id, sim_id, at, kind, raw, parsed, grade, verdict)
        VALUES (\(attempt), \(sim), 0, '\(kind)', x'00', '', \(grade), '\(verdict)')
        """
    }

    static func insertMovement(
        _ kind: String = "capture",
        amount: Int = -1000,
        attempt: String = "1",
        sim: Int = 1,
        currency: String = "CNY"
    ) -> String {
        """
        INSERT INTO movement (sim_id, at, kind, amount, currency, attempt_id, reason, actor)
        VALUES (\(sim), 0, '\(kind)', \(amount), '\(currency)', \(attempt), '', 'test')
        """
    }

    static func close(_ outcome: String, attempt: Int = 1) -> String {
        "UPDATE attempt SET outcome = '\(outcome)', outcome_at = 1 WHERE id = \(attempt)"
    }

    /// The statement that moves a job, with all that the new state's constraints ask for.
    static func move(_ id: Int = 1, to state: JobState, sim: Int = 1) -> String {
        let isInHand = state == .leased || state == .armed
        return """
            UPDATE job SET state = '\(state.rawValue)',
              hold_reason = \(state == .held ? "'heldByPerson'" : "NULL"),
              sim_id = \(isInHand ? String(sim) : "NULL"),
              lease_until = \(isInHand ? "99" : "NULL"),
              attempts = attempts + \(state == .armed ? 1 : 0),
              finished_at = \(state.isFinal ? "1" : "NULL")
            WHERE id = \(id)
            """
    }

    /// The statements, in order, that take a job along an arrow.
    static func steps(_ from: JobState, _ to: JobState) -> [String] {
        var steps: [String] = []
        switch (from, to) {
        case (.leased, .armed): steps = [insertAttempt()]
        case (.armed, .unknown): steps = [close("unknown")]
        case (.armed, .succeeded), (.unknown, .succeeded):
            steps = [insertEvidence("success"), close("success"), insertMovement()]
        case (.armed, _), (.unknown, _):
            steps = [insertEvidence("not_executed"), close("not_executed")]
        default: break
        }
        return steps + [move(to: to)]
    }

    /// The arrows that lead a job from its birth to a state.
    static func path(to state: JobState) -> [JobState] {
        switch state {
        case .held, .scheduled, .ready: [state]
        case .leased: [.ready, .leased]
        case .armed: [.ready, .leased, .armed]
        case .unknown: [.ready, .leased, .armed, .unknown]
        case .succeeded: [.ready, .leased, .armed, .succeeded]
        case .failed: [.ready, .leased, .armed, .failed]
        case .cancelled: [.ready, .cancelled]
        case .expired: [.ready, .expired]
        }
    }

    /// Makes job 1 and takes it to a state.
    func place(_ state: JobState) throws {
        let path = GuardedDatabase.path(to: state)
        try run(GuardedDatabase.insertJob(state: path[0].rawValue))
        for (from, to) in zip(path, path.dropFirst()) {
            for step in GuardedDatabase.steps(from, to) { try run(step) }
        }
    }
}
