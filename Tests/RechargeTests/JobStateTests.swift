import Recharge
import Testing

@Suite struct JobStateTests {
    /// The drawing of design section 4, line by line.
    private static let drawn: [JobState: Set<JobState>] = [
        .held: [.ready, .scheduled, .cancelled, .expired],
        .scheduled: [.ready, .held, .cancelled, .expired],
        .ready: [.leased, .held, .scheduled, .cancelled, .expired],
        .leased: [.armed, .ready, .scheduled, .held],
        .armed: [.succeeded, .ready, .scheduled, .held, .failed, .unknown],
        .unknown: [.succeeded, .scheduled, .held, .failed],
        .succeeded: [], .failed: [], .cancelled: [], .expired: [],
    ]

    @Test(arguments: JobState.allCases)
    func exactlyTheDrawnArrowsExist(state: JobState) {
        #expect(state.arrows == Self.drawn[state])
        #expect(!state.arrows.contains(state))
    }

    @Test func allNinetyPairsAreDecided() {
        let pairs = JobState.allCases.flatMap { from in
            JobState.allCases.filter { $0 != from }.map { (from, $0) }
        }
        #expect(pairs.count == 90)
        #expect(pairs.count { $0.0.arrows.contains($0.1) } == 27)
    }

    @Test(arguments: JobState.allCases)
    func finalStatesAreThoseWithoutArrows(state: JobState) {
        #expect(state.isFinal == state.arrows.isEmpty)
    }

    @Test(arguments: [JobState.armed, .unknown])
    func whatMayHaveBeenSentIsNeitherCancelledNorExpired(state: JobState) {
        #expect(state.arrows.isDisjoint(with: [.cancelled, .expired, .leased]))
    }

    @Test func doubtIsNeverLeftForReady() {
        #expect(!JobState.unknown.arrows.contains(.ready))
    }

    @Test func successIsReachedOnlyFromArmedOrDoubt() {
        let from = JobState.allCases.filter { $0.arrows.contains(.succeeded) }
        #expect(Set(from) == [.armed, .unknown])
    }

    @Test func termsDifferWheneverTheOrderDoes() throws {
        let orders = BatchFixtures.read(
            """
            number,amount,reference,priority,not_before,deadline,note
            13800138000,50,,,,,
            13800138000,51,,,,,
            13900139000,50,,,,,
            13700137000,50,A,,,,
            13700137000,50,B,,,,
            13600136000,50,,5,,,
            13600136000,51,,6,,,
            13500135000,50,,,2026-12-01,,
            13500135000,51,,,,2026-12-01,
            13400134000,50,,,,,x
            """
        ).orders
        #expect(orders.count == 10)
        #expect(Set(orders.map(\.canonicalTerms)).count == 10)
    }
}
