import ControlAPI
import Glibc
import Recharge
import Synchronization
import TestSupport
import Testing

@testable import rechargectl

@Suite struct WatchTests {
    /// Answers with one view after another, and stays at the last.
    private static func script(_ views: [BatchView], jobs: [JobView]) -> ScriptedGateway.Script {
        let looks = Mutex(0)
        return { request in
            switch request.path {
            case "/v1/batches/7":
                let look = looks.withLock { look in
                    defer { look += 1 }
                    return look
                }
                return try .json(views[min(look, views.count - 1)])
            case "/v1/batches/7/results":
                return .text("line\n2\n", "text/csv")
            case "/v1/jobs":
                return try .json(PageView(items: jobs, next: nil))
            case "/v1/batches":
                return try .json(BatchReceipt(batch: views[0]), status: 201)
            default:
                return try .problem(.notFound, request.path)
            }
        }
    }

    @Test func theVerdictsComeAtTheEnd() async throws {
        let views = [
            try SampleViews.batch([.ready: 2]), try SampleViews.batch([.succeeded: 1, .armed: 1]),
            try SampleViews.batch([.succeeded: 1, .failed: 1], state: .closed),
        ]
        let jobs = [
            try SampleViews.job(.succeeded), try SampleViews.job(.failed, line: 3, reason: "no"),
        ]
        let run = try await ScriptedGateway.serving(Self.script(views, jobs: jobs)) { gateway in
            try rechargectl("batch", "show", "7", "--watch", "--socket", gateway.path)
        }
        #expect(run.status == 1)
        #expect(
            run.lines == [
                "LINE  NUMBER          AMOUNT  CARRIER    STATE      SIM  TRIES  SERIAL  REASON",
                "   2  13800138000  50.00 CNY  simulated  succeeded           0  S0001",
                "   3  13800138000  50.00 CNY  simulated  failed              0          no",
                "Batch 7: 2 jobs, 100.00 CNY: succeeded 1, failed 1",
            ]
        )
        #expect(run.errors.contains("\n[██████████] 2/2  succeeded 1  failed 1"))
        #expect(!run.errors.contains("\u{1B}") && !run.errors.contains("\r"))
    }

    @Test func submittingAndWatchingWritesTheResults() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("number,amount\n13800138000,50\n", to: "orders.csv")
        let views = [try SampleViews.batch([.succeeded: 1], state: .closed)]
        let jobs = [try SampleViews.job(.succeeded)]
        let run = try await ScriptedGateway.serving(Self.script(views, jobs: jobs)) { gateway in
            try rechargectl(
                "submit",
                file,
                "--results",
                "\(folder.path)/results.csv",
                "--socket",
                gateway.path
            )
        }
        #expect(run.status == 0)
        #expect(try folder.read("results.csv") == "line\n2\n")
        #expect(folder.names == ["orders.csv", "results.csv"])
    }

    @Test func aTerminalSeesOneLineDrawnAgain() async throws {
        let views = [
            try SampleViews.batch([.ready: 2]), try SampleViews.batch([.succeeded: 1, .armed: 1]),
            try SampleViews.batch([.succeeded: 2], state: .closed),
        ]
        let jobs = [try SampleViews.job(.succeeded)]
        let run = try await ScriptedGateway.serving(Self.script(views, jobs: jobs)) { gateway in
            try onTerminal(["batch", "show", "7", "--watch", "--socket", gateway.path])
        }
        #expect(run.status == 0)
        #expect(run.output.contains("\r[░"))
        #expect(run.output.contains("0/2\u{1B}[K\r["))
        #expect(run.output.contains("\u{1B}[32msucceeded\u{1B}[0m"))
    }

    @Test func interruptingStopsTheWatchingAndSaysHowToGoOn() async throws {
        let views = [try SampleViews.batch([.ready: 2])]
        let run = try await ScriptedGateway.serving(Self.script(views, jobs: [])) { gateway in
            let process = try Spawned(["batch", "show", "7", "--watch", "--socket", gateway.path])
            for await request in gateway.answered where request.path == "/v1/batches/7" { break }
            kill(process.id, SIGINT)
            return try process.finish()
        }
        #expect(run.status == 1)
        #expect(run.errors.contains("rechargectl batch show 7 --watch"))
    }

    @Test func jsonIsALineForEachChange() async throws {
        let views = [
            try SampleViews.batch([.ready: 1]), try SampleViews.batch([.ready: 1]),
            try SampleViews.batch([.succeeded: 1], state: .closed),
        ]
        let run = try await ScriptedGateway.serving(Self.script(views, jobs: [])) { gateway in
            try rechargectl("batch", "show", "7", "--watch", "--json", "--socket", gateway.path)
        }
        #expect(run.status == 0)
        #expect(run.lines.count == 2)
        #expect(run.errors.isEmpty)
    }

    /// Whoever waits must know what was ordered, and how to repeat it, whatever comes then.
    @Test func waitingForOneJobSaysWhatWasOrderedAndWaitsOutARestart() async throws {
        let looks = Mutex(0)
        let run = try await ScriptedGateway.serving { request in
            guard request.method == "GET" else {
                return try .json(try SampleViews.job(.ready), status: 201)
            }
            let look = looks.withLock { looks in
                looks += 1
                return looks
            }
            guard look != 2 else { throw CancellationError() }
            let state = look < 2 ? JobState.armed : .succeeded
            return try .json(JobDetail(job: try SampleViews.job(state), attempts: []))
        } _: { gateway in
            try rechargectl("recharge", "13800138000", "50", "--wait", "--socket", gateway.path)
        }
        #expect(run.status == 0)
        #expect(run.errors.contains("is ordered, with the key"))
        #expect(looks.withLock { $0 } == 3)
    }

    @Test(arguments: [
        (JobState.succeeded, Int32(0)), (.failed, 1), (.unknown, 1), (.held, 1), (.expired, 1),
    ])
    func waitingForOneJobEndsWithItsVerdict(_ state: JobState, _ status: Int32) async throws {
        let run = try await ScriptedGateway.serving { request in
            guard request.method == "GET" else {
                return try .json(try SampleViews.job(.ready), status: 201)
            }
            return try .json(JobDetail(job: try SampleViews.job(state), attempts: []))
        } _: { gateway in
            try rechargectl("recharge", "13800138000", "50", "--wait", "--socket", gateway.path)
        }
        #expect(run.status == status)
        #expect(run.output.contains(state.rawValue))
    }
}
