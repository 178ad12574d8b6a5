import ControlAPI
import Recharge
import TestSupport
import Testing

@testable import rechargectl

typealias Status = rechargectl.ExitStatus

@Suite struct CommandTests {
    @Test(arguments: [
        (Problem.Code.notFound, Status.notDone), (.wrongState, .notDone), (.conflict, .notDone),
        (.badRequest, .usage), (.badOrder, .badInput), (.forbidden, .notAllowed),
        (.readOnly, .notAllowed), (.diskFull, .tryLater), (.stopped, .tryLater),
        (.tooBusy, .tryLater), (.internalError, .internalError),
    ])
    func everyRefusalHasItsExitStatus(_ code: Problem.Code, _ status: Status) async throws {
        let run = try await ScriptedGateway.serving { _ in
            try .problem(code, "job 42: no")
        } _: { gateway in
            try rechargectl("job", "cancel", "42", "--reason", "x", "--socket", gateway.path)
        }
        #expect(run.status == status.rawValue)
        #expect(run.errors.hasPrefix("rechargectl: "))
        #expect(run.errors.hasSuffix("job 42: no\n"))
        #expect(run.output.isEmpty)
    }

    @Test func withoutADaemonTheSocketAndTheCureAreNamed() throws {
        let run = try rechargectl("stats", "--socket", "/nonexistent/control.sock")
        #expect(run.status == 69)
        #expect(run.errors.contains("/nonexistent/control.sock"))
        #expect(run.errors.contains("--socket or RECHARGED_SOCKET"))
    }

    @Test func whatIsNoGatewayIsSaidSo() async throws {
        let run = try await ScriptedGateway.serving { _ in
            .text("<html>", "text/html")
        } _: { gateway in
            try rechargectl("stats", "--socket", gateway.path)
        }
        #expect(run.status == 70)
    }

    @Test func theEnvironmentNamesTheSocket() async throws {
        let run = try await ScriptedGateway.serving { _ in
            try .json(SampleViews.stats())
        } _: { gateway in
            try rechargectl("stats", environment: ["RECHARGED_SOCKET=\(gateway.path)"])
        }
        #expect(run.status == 0)
        #expect(run.output.contains("unknown 1, succeeded 3"))
    }

    @Test func coloursAreForTerminalsOnly() async throws {
        let stats = SampleViews.stats(hold: "why")
        try await ScriptedGateway.serving { _ in
            try .json(stats)
        } _: { gateway in
            let arguments = ["stats", "--socket", gateway.path]
            let piped = try Spawned(arguments).finish()
            #expect(!piped.output.contains("\u{1B}"))
            let shown = try onTerminal(arguments)
            #expect(shown.output.contains("\u{1B}[31mon hold: why\u{1B}[0m"))
            let refused = try onTerminal(arguments, environment: ["NO_COLOR=1"])
            #expect(!refused.output.contains("\u{1B}"))
            let flagged = try onTerminal(arguments + ["--no-color"])
            #expect(!flagged.output.contains("\u{1B}"))
            let json = try onTerminal(arguments + ["--json"])
            #expect(!json.output.contains("\u{1B}"))
        }
    }

    @Test func ordersOfPeopleCarryTheirReasonAndAKeyOfTheirOwn() async throws {
        let requests = try await ScriptedGateway.serving { _ in
            try .json(HoldView(hold: true, reason: "why"))
        } _: { gateway in
            for _ in 1...2 {
                let run = try rechargectl("hold", "--reason", "why", "--socket", gateway.path)
                #expect(run.status == 0)
            }
            return gateway.requests
        }
        #expect(requests.allSatisfy { $0.uri == "/v1/hold" && $0.text == "{\"reason\":\"why\"}" })
        #expect(Set(requests.map(\.key)).count == 2)
    }

    @Test(arguments: [
        ["hold"], ["hold", "--reason", " "], ["release"], ["batch", "pause", "7"],
        ["job", "cancel", "x", "--reason", "y"], ["job", "cancel", "0", "--reason", "y"],
        ["sim", "pause", "123", "--reason", "y"], ["job", "list", "--state", "lost"],
        ["job", "list", "--limit", "0"], ["recharge", "1", "2", "--priority", "10"],
        ["recharge", "1"], ["events", "--after", "-1"], ["nonsense"],
        ["batch", "results", "7", "--json", "--output", "x"],
        ["job", "release", "--reason", "y"],
        ["job", "release", "7", "--all-restored", "--reason", "y"],
        ["job", "release", "7", "--batch", "1", "--reason", "y"],
        ["audit", "verify", "--head", "7"], ["float", "topup", "89860012340000000001", "5"],
    ])
    func aWrongCommandLineEndsWithUsage(_ arguments: [String]) throws {
        let run = try Spawned(arguments).finish()
        #expect(run.status == 64)
        #expect(run.errors.hasPrefix("rechargectl: "))
        #expect(run.errors.contains("Usage: rechargectl"))
        #expect(run.output.isEmpty)
    }

    @Test func listsAreAskedForWithTheirFilters() async throws {
        let page = PageView(items: [try SampleViews.job(.unknown)], next: 41)
        let (run, requests) = try await ScriptedGateway.serving { _ in
            try .json(page)
        } _: { gateway in
            let run = try rechargectl(
                "job",
                "list",
                "--state",
                "unknown",
                "--state",
                "held",
                "--batch",
                "7",
                "--number",
                "+86 138",
                "--reference",
                "A&B",
                "--limit",
                "1",
                "--socket",
                gateway.path
            )
            return (run, gateway.requests)
        }
        #expect(
            requests.map(\.uri) == [
                "/v1/jobs?state=unknown%2Cheld&batch=7&number=%2B86%20138&reference=A%26B&limit=1"
            ]
        )
        #expect(run.lines.count == 2)
        #expect(run.errors == "There are more: add --after 41\n")
    }

    @Test func aLongListIsGatheredPageByPage() async throws {
        let requests = try await ScriptedGateway.serving { request in
            let isFirst = !request.uri.contains("after=")
            let item = try SampleViews.job(.ready)
            return try .json(PageView(items: [item], next: isFirst ? 9 : nil))
        } _: { gateway in
            let run = try rechargectl("job", "list", "--json", "--socket", gateway.path)
            #expect(run.lines.count == 1)
            return gateway.requests.map(\.uri)
        }
        #expect(requests == ["/v1/jobs?limit=100", "/v1/jobs?limit=99&after=9"])
    }

    @Test func anOrderIsSentAsItWasWritten() async throws {
        let requests = try await ScriptedGateway.serving { _ in
            try .json(try SampleViews.job(.ready), status: 201)
        } _: { gateway in
            let run = try rechargectl(
                "recharge",
                "13800138000",
                "49.90",
                "--carrier",
                "simulated",
                "--reference",
                "A",
                "--priority",
                "9",
                "--not-before",
                "2026-12-01T10:00+08:00",
                "--deadline",
                "2026-12-02T00:00Z",
                "--note",
                "n",
                "--key",
                "K1",
                "--socket",
                gateway.path
            )
            #expect(run.status == 0)
            return gateway.requests
        }
        #expect(requests.first?.key == "K1")
        #expect(
            requests.first?.text == """
                {"amount":"49.90","carrier":"simulated","deadline":"2026-12-02T00:00:00.000Z",\
                "not_before":"2026-12-01T02:00:00.000Z","note":"n","number":"13800138000",\
                "priority":9,"reference":"A"}
                """
        )
    }

    /// In a batch such a time is the carrier's, here it would be UTC.
    @Test(arguments: ["2026-12-01 18:00", "2026-12-01", "tomorrow"])
    func aMomentWithoutItsZoneIsRefused(text: String) throws {
        let run = try Spawned(["recharge", "13800138000", "50", "--deadline", text]).finish()
        #expect(run.status == 64)
        #expect(run.errors.contains("write date, time and zone: 2026-12-01T18:00+08:00"))
    }

    /// To the parser it is an option that nobody knows.
    @Test(arguments: [
        ["recharge", "13800138000", "-50"],
        ["float", "topup", "89860012340000000001", "-5", "--reason", "r"],
        ["limit", "set", "global", "--per", "day", "--sum", "-5", "--reason", "r"],
    ])
    func aNegativeNumberIsCalledSo(_ arguments: [String]) throws {
        let run = try Spawned(arguments).finish()
        #expect(run.status == 64)
        #expect(run.errors.contains("is negative: write a number above nothing"))
    }

    @Test func whatIsNoSocketIsSaidSo() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("a letter", to: "letter.txt")
        let run = try rechargectl("stats", "--socket", file)
        #expect(run.status == 69)
        #expect(run.errors.contains("it is not a socket"))
    }

    /// It must not be overwritten, and no work is thrown away for it.
    @Test(arguments: [
        ["submit", "FILE", "--watch", "--results", "FOLDER"], ["backup", "FOLDER"],
    ])
    func aFolderIsNoPlaceForAFile(_ arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("number,amount\n13800138000,50\n", to: "orders.csv")
        let words = arguments.map {
            $0 == "FILE" ? file : $0 == "FOLDER" ? folder.path : $0
        }
        let (run, requests) = try await ScriptedGateway.serving { _ in
            try .problem(.notFound, "none")
        } _: { gateway in
            let run = try Spawned(words + ["--socket", gateway.path]).finish()
            return (run, gateway.requests)
        }
        #expect(run.status == 66)
        #expect(run.errors.contains("\(folder.path) is a folder: name a file in it"))
        #expect(requests.allSatisfy { $0.method == "GET" })
        #expect(folder.names == ["orders.csv"])
    }

    @Test func eventsAreListedUpToTheNewestAndNoFurther() async throws {
        let run = try await ScriptedGateway.serving { request in
            let events = (1...3).map { number in
                "id: \(number)\nevent: job.settled\ndata: {\"sequence\":\(number),"
                    + "\"at\":\"2026-11-23T09:30:00Z\",\"actor\":\"root\",\"kind\":\"job.settled\","
                    + "\"job\":42,\"details\":{\"a\":\"b\\nc\"}}\n\n"
            }
            return .text(": after 3\n\n" + events.joined(), "text/event-stream", isStream: true)
        } _: { gateway in
            try rechargectl("events", "--socket", gateway.path)
        }
        #expect(run.status == 0)
        #expect(run.lines.count == 3)
        #expect(
            run.output.firstLine
                == "1  2026-11-23T09:30:00.000Z  job.settled  root  job=42  a=b\\nc"
        )
    }

    @Test(arguments: [("bash", "7\n"), ("fish", "7\n"), ("zsh", "7:orders.csv, open\n")])
    func suggestionsComeFromTheDaemonAndAreNoneWithoutIt(
        _ shell: String,
        _ expected: String
    ) async throws {
        let page = PageView(items: [try SampleViews.batch([.ready: 2])], next: nil)
        let words = ["---completion", "batch", "show", "--", "positional@0", "3", "0"]
        let typed = ["rechargectl", "batch", "show", "--socket"]
        let absent = try Spawned(
            words + typed + ["/nonexistent/control.sock", ""],
            environment: ["SAP_SHELL=\(shell)"]
        ).finish()
        #expect(!absent.output.contains("7"))
        let run = try await ScriptedGateway.serving { _ in
            try .json(page)
        } _: { gateway in
            try Spawned(
                words + typed + [gateway.path, ""],
                environment: ["SAP_SHELL=\(shell)"]
            ).finish()
        }
        #expect(run.output.hasPrefix(expected))
    }
}
