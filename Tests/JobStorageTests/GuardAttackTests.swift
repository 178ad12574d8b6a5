import GRDB
import Recharge
import Testing

@testable import JobStorage

private typealias SQL = GuardedDatabase

/// What a careless or hostile program might write, against each guard.
struct GuardAttackTests {
    @Test(
        arguments: GuardAttacks.onJobs + GuardAttacks.onAttempts + GuardAttacks.onRecords
            + GuardAttacks.onMoney + GuardAttacks.onFloats + GuardAttacks.onApprovals
            + GuardAttacks.onOperations
            + GuardAttacks.onLimits + GuardAttacks.onOrders + GuardAttacks.onDuplicates
    )
    func theGuardRefuses(_ attack: Attack) throws {
        let guarded = try GuardedDatabase()
        try guarded.place(attack.state)
        for statement in attack.before { try guarded.run(statement) }
        let refusal = guarded.refusal(attack.attack) ?? "passed"
        #expect(refusal.contains(attack.refusal))
    }

    @Test(arguments: Batch.State.allCases, Batch.State.allCases)
    func exactlyTheDrawnArrowsOfBatchesPass(from: Batch.State, to: Batch.State) throws {
        guard from != to else { return }
        let arrows: Set<[Batch.State]> = [
            [.staging, .open], [.staging, .held], [.staging, .cancelled], [.held, .open],
            [.held, .cancelled], [.open, .held], [.open, .closed], [.open, .cancelled],
        ]
        let guarded = try GuardedDatabase()
        try guarded.run(SQL.insertJob(lane: 2, line: "2"))
        let path: [Batch.State] =
            switch from {
            case .staging: []
            case .open: [.open]
            case .held: [.open, .held]
            case .closed: [.open, .closed]
            case .cancelled: [.cancelled]
            }
        for state in path { try guarded.run("UPDATE batch SET state = '\(state.rawValue)'") }
        let refusal = guarded.refusal("UPDATE batch SET state = '\(to.rawValue)'")
        #expect((refusal == nil) == arrows.contains([from, to]))
    }

    @Test(arguments: SIM.State.allCases, SIM.State.allCases)
    func exactlyTheDrawnArrowsOfSIMsPass(from: SIM.State, to: SIM.State) throws {
        guard from != to else { return }
        let guarded = try GuardedDatabase()
        try guarded.run(
            """
            INSERT INTO sim (id, iccid, port, carrier, state, seen_at)
            VALUES (3, '3', 'p', 'simulated', '\(from.rawValue)', 0)
            """
        )
        let refusal = guarded.refusal("UPDATE sim SET state = '\(to.rawValue)' WHERE id = 3")
        #expect((refusal == nil) == SIM.arrows(from: from).contains(to))
    }

    @Test func countersFollowEveryJob() throws {
        let guarded = try GuardedDatabase()
        try guarded.place(.unknown)
        try guarded.run(SQL.insertJob(2, state: "held", lane: 2, line: "2"))
        let counts = try guarded.queue.read { db in
            let sql =
                "SELECT lane_id || state || count || '/' || amount_sum FROM lane_count WHERE count > 0"
            return try Set(String.fetchAll(db, sql: sql))
        }
        #expect(counts == ["1unknown1/1000", "2held1/1000"])
    }
}
