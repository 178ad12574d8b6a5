import GRDB
import Recharge
import Testing

@testable import JobStorage

/// All pairs of different states, against the database alone.
struct JobArrowTests {
    static let pairs: [(JobState, JobState)] = JobState.allCases.flatMap { from in
        JobState.allCases.filter { $0 != from }.map { (from, $0) }
    }

    @Test func allNinetyPairsAreTried() {
        #expect(JobArrowTests.pairs.count == 90)
    }

    @Test(arguments: pairs)
    func exactlyTheDrawnArrowsPass(from: JobState, to: JobState) throws {
        let guarded = try GuardedDatabase()
        try guarded.place(from)
        #expect(try guarded.state() == from)
        var refusal: String?
        for step in GuardedDatabase.steps(from, to) where refusal == nil {
            refusal = guarded.refusal(step)
        }
        #expect((refusal == nil) == from.arrows.contains(to), "\(refusal ?? "passed")")
        #expect(try guarded.state() == (refusal == nil ? to : from))
    }

    @Test(arguments: pairs)
    func theArrowGuardAloneStopsWhatIsNotDrawn(from: JobState, to: JobState) throws {
        let guarded = try GuardedDatabase()
        try guarded.place(from)
        for name in try guarded.queue.read({ db in
            let sql = """
                SELECT name FROM sqlite_schema
                WHERE type = 'trigger' AND tbl_name = 'job' AND name <> 'job_arrows'
                """
            return try String.fetchAll(db, sql: sql)
        }) {
            try guarded.run("DROP TRIGGER \(name)")
        }
        let refusal = guarded.refusal(GuardedDatabase.move(to: to))
        #expect((refusal == nil) == from.arrows.contains(to), "\(refusal ?? "passed")")
        #expect(refusal == nil || refusal == "no such arrow between job states")
    }

    @Test(arguments: JobState.allCases)
    func aJobIsBornOnlyHeldScheduledOrReady(state: JobState) throws {
        let guarded = try GuardedDatabase()
        let mayBeBorn = [.held, .scheduled, .ready].contains(state)
        var birth = GuardedDatabase.insertJob(state: state.rawValue)
        if state == .leased || state == .armed {
            birth = birth.replacing(
                "created_at, updated_at)",
                with: "created_at, updated_at, sim_id, lease_until)"
            )
            .replacing("0, 0, 0, 0)", with: "0, 0, 0, 0, 1, 99)")
        }
        if state.isFinal {
            birth = birth.replacing(
                "created_at, updated_at)",
                with: "created_at, updated_at, finished_at)"
            )
            .replacing("0, 0, 0, 0)", with: "0, 0, 0, 0, 1)")
        }
        let refusal = guarded.refusal(birth)
        #expect((refusal == nil) == mayBeBorn)
        #expect(mayBeBorn || refusal == "a job is born held, scheduled or ready")
    }
}
