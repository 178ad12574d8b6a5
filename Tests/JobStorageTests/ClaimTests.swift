import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

struct ClaimTests {
    @Test func higherPriorityGoesFirstAndWaitingMakesUpForIt() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let waits: [(priority: Int, seconds: Int)] = [(0, 301), (4, 60), (5, 0), (4, 59)]
        for (index, wait) in waits.enumerated() {
            var order = try Samples.order(index)
            order.priority = wait.priority
            let came = shop.start.advanced(by: .seconds(301 - wait.seconds))
            try await shop.submit(order, at: came)
        }
        var keys: [String] = []
        while let job = try await shop.take(1, after: .seconds(301)) {
            keys.append(job.order.key.key)
        }
        #expect(keys == ["order-0", "order-1", "order-2", "order-3"])
    }

    @Test func jobsOfOnePriorityGoInTheOrderTheyCame() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        for index in 1...5 { try await shop.submit(try Samples.order(index)) }
        for index in 1...5 {
            #expect(try await shop.take(1)?.order.key.key == "order-\(index)")
        }
        #expect(try await shop.claim(1) == .nothing)
    }

    @Test func aWalkInCustomerPassesAWholeBatch() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.batch("big", first: 1000, count: 200)
        for _ in 0..<10 { #expect(try await shop.take(1)?.batch != nil) }
        try await shop.submit(try Samples.order(1))
        #expect(try await shop.take(1)?.order.key.key == "order-1")
        #expect(try await shop.take(1)?.batch != nil)
    }

    @Test func batchesShareAndALateOneHasNoCredit() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let first = try await shop.batch("first", first: 1000, count: 60)
        for _ in 0..<30 { #expect(try await shop.take(1)?.batch == first) }
        let second = try await shop.batch("second", first: 2000, count: 60)
        var taken: [Batch.ID: Int] = [:]
        for _ in 0..<20 {
            if let batch = try await shop.take(1)?.batch { taken[batch, default: 0] += 1 }
        }
        #expect(taken == [first: 10, second: 10])
    }

    @Test func oneNumberIsInFlightOnce() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.admit(2)
        var again = try Samples.order(1)
        again.key.key = "again"
        try await shop.submit(try Samples.order(1))
        try await shop.submit(again)
        let attempt = try await shop.takeAndArm(1)
        #expect(try await shop.claim(2) == .nothing)
        try await shop.settle(attempt, .unknown, [])
        #expect(try await shop.claim(2) == .nothing)
        try await shop.succeed(attempt)
        #expect(try await shop.take(2)?.order.key.key == "again")
    }

    @Test func aSIMTakesNothingItsFloatCannotPay() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.submit(try Samples.order(1))
        try await shop.succeed(try await shop.takeAndArm(1), balance: try Samples.yuan(20))
        try await shop.submit(try Samples.order(2, yuan: 21))
        #expect(try await shop.claim(1) == .nothing)
        try await shop.submit(try Samples.order(3, yuan: 20))
        #expect(try await shop.take(1)?.order.key.key == "order-3")
    }

    @Test func aRefusedJobGoesToAnotherSIMFirst() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.admit(2)
        try await shop.submit(try Samples.order(1))
        let attempt = try await shop.takeAndArm(1)
        try await shop.refuse(attempt, .tryAgain(after: .zero, elsewhere: true))
        #expect(try await shop.claim(1) == .nothing)
        #expect(try await shop.take(2) != nil)
    }

    @Test func aSIMAloneTakesItsRefusedJobAgain() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.submit(try Samples.order(1))
        let attempt = try await shop.takeAndArm(1)
        try await shop.refuse(attempt, .tryAgain(after: .zero, elsewhere: true))
        #expect(try await shop.take(1) != nil)
    }

    @Test func aJobPastItsDeadlineIsNeverHandedOut() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        var order = try Samples.order(1)
        order.deadline = shop.start.advanced(by: .seconds(10))
        let job = try await shop.submit(order)
        #expect(try await shop.claim(1, after: .seconds(10)) == .nothing)
        let leased = try #require(try await shop.take(1, after: .seconds(9)))
        let refused = await #expect(throws: JobStoreError.self) {
            try await shop.arm(leased, 1, after: .seconds(10))
        }
        #expect(refused?.code == .leaseLost)
        _ = try await shop.store.promote(at: shop.start.advanced(by: .seconds(10)))
        #expect(try await shop.store.job(job.id)?.state == .expired)
    }

    @Test func aLeaseThatRanOutArmsNothing() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.submit(try Samples.order(1))
        let job = try #require(try await shop.take(1))
        let refused = await #expect(throws: JobStoreError.self) {
            try await shop.arm(job, 1, after: .seconds(60))
        }
        #expect(refused?.code == .leaseLost)
        #expect(try await shop.store.job(job.id)?.state == .ready)
    }

    @Test func aSearchOverManyUnsuitableJobsGoesOnInSteps() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.submit(try Samples.order(1))
        try await shop.succeed(try await shop.takeAndArm(1), balance: try Samples.yuan(9))
        try await shop.batch("dear", first: 1000, count: 2 * ClaimSearch.jobsMax + 7)
        try await shop.submit(
            try Samples.order(2, yuan: 9),
            at: shop.start.advanced(by: .seconds(9))
        )
        #expect(try await shop.take(1)?.order.key.key == "order-2")
        #expect(try await shop.claim(1) == .nothing)
    }

    @Test func theSearchSortsAndScansNothing() throws {
        let shop = try Workshop()
        let numbered = ["?1", "?2", "?3", "?4", "?"]
        let queries = [ClaimSearch.lanes, ClaimSearch.numberInFlight] + ClaimSearch.jobs
        let plans = try shop.store.pool.read { db in
            try queries.map { query in
                try Workshop.plan(
                    numbered.reduce(query) { $0.replacing($1, with: "1") },
                    db
                )
            }
        }
        #expect(plans[0].contains("lane_order"))
        #expect(plans[1].contains("job_one_in_flight_per_number"))
        #expect(plans[2].contains("job_ready (carrier=? AND lane_id=? AND rank=? AND id>?)"))
        #expect(plans[3].contains("job_ready (carrier=? AND lane_id=? AND rank>?)"))
        #expect(plans.allSatisfy { !$0.contains("TEMP B-TREE") })
    }

    @Test(arguments: Due.allCases)
    func theClockworkFindsWhatIsDueByIndex(due: Due) throws {
        let shop = try Workshop()
        let plan = try shop.store.pool.read { db in
            try Workshop.plan(
                due.sql.replacing("?1", with: "1").replacing("?2", with: "1"),
                db
            )
        }
        #expect(plan.contains("SEARCH job USING"), "\(plan)")
    }
}
