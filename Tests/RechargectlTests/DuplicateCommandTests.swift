import ControlAPI
import Recharge
import TestSupport
import Testing

@testable import rechargectl

@Suite struct DuplicateCommandTests {
    private let file = "number,amount\n13800138000,50\n"

    private let duplicate = Mistake(
        line: 2,
        field: "reference",
        code: "duplicate_reference",
        message: "job 3, in batch 7 (march.csv) has the same reference, number and amount",
        cure: "take the row out, or give a new order a new reference"
    )

    @Test func aRefusalForRowsOrderedBeforeListsThem() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(file, to: "orders.csv")
        var problem = Problem(.conflict, detail: "nothing was taken: 1 row was ordered before")
        problem.mistakes = [duplicate]
        problem.mistakesOmitted = 0
        let refusal = problem
        let run = try await ScriptedGateway.serving { _ in
            try .problem(refusal)
        } _: { gateway in
            try rechargectl("submit", path, "--socket", gateway.path)
        }
        #expect(run.status == 65)
        #expect(run.errors.contains("\(path):2: reference: job 3, in batch 7 (march.csv) has"))
        #expect(run.errors.contains("nothing was taken: 1 row was ordered before"))
    }

    @Test func theWishToAllowDuplicatesIsPassedOnAndWhoMustApproveIsSaid() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(file, to: "orders.csv")
        var batch = try SampleViews.batch([.ready: 1], state: .held)
        batch.proposal = Proposal.ID(7)
        let receipt = BatchReceipt(batch: batch)
        let requests = try await ScriptedGateway.serving { _ in
            try .json(receipt, status: 201)
        } _: { gateway in
            _ = try rechargectl("submit", path, "--socket", gateway.path)
            let run = try rechargectl(
                "submit",
                path,
                "--allow-duplicates",
                "--socket",
                gateway.path
            )
            #expect(run.errors.contains("rechargectl approval approve 7 --reason TEXT"))
            return gateway.requests
        }
        #expect(requests.map { $0.uri.contains("allow_duplicates=true") } == [false, true])
    }

    @Test func aDryRunTellsWhatWasOrderedBefore() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(file, to: "orders.csv")
        let listed = duplicate
        let run = try await ScriptedGateway.serving { _ in
            var report = BatchReport(
                rows: 1,
                refusedRows: 0,
                sum: Money(try SampleViews.yuan(50)),
                mistakes: [],
                mistakesOmitted: 0,
                carriers: []
            )
            report.duplicates = [listed]
            report.duplicatesOmitted = 4
            report.isRepeat = true
            return try .json(report)
        } _: { gateway in
            try rechargectl("submit", path, "--dry-run", "--socket", gateway.path)
        }
        #expect(run.status == 65, "it would be refused")
        #expect(run.errors.contains("\(path):2: reference: job 3"))
        #expect(run.output.contains("Ordered before: 5 rows, see above"))
    }

    @Test func aSingleOrderNamesItsRepeatIndex() async throws {
        let job = try SampleViews.job(.ready)
        let requests = try await ScriptedGateway.serving { _ in
            try .json(job, status: 201)
        } _: { gateway in
            _ = try rechargectl(
                "recharge",
                "13800138000",
                "50",
                "--repeat",
                "2",
                "--allow-duplicates",
                "--socket",
                gateway.path
            )
            return gateway.requests
        }
        #expect(requests.first?.text.contains("\"repeat\":2") == true)
        #expect(requests.first?.uri == "/v1/jobs?allow_duplicates=true")
        #expect(try rechargectl("recharge", "13800138000", "50", "--repeat", "1").status == 64)
    }

    @Test func aReleaseThatTakesASecondPersonSaysSo() async throws {
        var job = try SampleViews.job(.held)
        (job.holdReason, job.proposal) = (.duplicate, Proposal.ID(7))
        let view = job
        let run = try await ScriptedGateway.serving { _ in
            try .json(view)
        } _: { gateway in
            try rechargectl("job", "release", "42", "--reason", "r", "--socket", gateway.path)
        }
        #expect(run.output.contains("waits for  approval 7"))
        #expect(run.errors.contains("rechargectl approval approve 7 --reason TEXT"))
    }

    @Test func aJobThatWaitsForALimitSaysWhenItGoesOn() async throws {
        var detail = JobDetail(
            job: try SampleViews.job(.ready, reason: "over the limit of its number per hour"),
            attempts: []
        )
        detail.goesOnAt = SampleViews.start
        let view = detail
        let run = try await ScriptedGateway.serving { _ in
            try .json(view)
        } _: { gateway in
            try rechargectl("job", "show", "42", "--socket", gateway.path)
        }
        #expect(run.output.contains("over the limit of its number per hour"))
        #expect(run.output.contains("goes on  "))
    }
}
