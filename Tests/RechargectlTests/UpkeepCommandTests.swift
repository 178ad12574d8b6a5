import ControlAPI
import Foundation
import Recharge
import TestSupport
import Testing

@testable import rechargectl

@Suite struct UpkeepCommandTests {
    private static let sim = "89860012340000000001"

    private static func float() throws -> FloatView {
        guard let iccid = ICCID(sim), let carrier = CarrierID("simulated") else {
            throw SystemFailure("samples")
        }
        var float = FloatStanding(
            sim: iccid,
            carrier: carrier,
            confirmed: try SampleViews.yuan(100),
            reserved: try SampleViews.yuan(30),
            drift: try SampleViews.yuan(-2),
            isLow: true
        )
        float.reported = try SampleViews.yuan(98)
        return FloatView(float)
    }

    @Test func floatAloneIsTheTable() async throws {
        let page = PageView(items: [try Self.float()], next: nil)
        for arguments in [["float"], ["float", "list"]] {
            let run = try await ScriptedGateway.serving { request in
                request.uri == "/v1/floats"
                    ? try .json(page) : try .problem(.notFound, request.uri)
            } _: { gateway in
                try Spawned(arguments + ["--socket", gateway.path]).finish()
            }
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.firstLine.contains("EXPECTED"))
            for cell in ["100.00 CNY", "30.00 CNY", "70.00 CNY", "98.00 CNY", "-2.00 CNY", "low"] {
                #expect(run.output.contains(cell), "\(cell)")
            }
        }
    }

    @Test func aTopUpIsSentWithItsKey() async throws {
        let float = try Self.float()
        let request = try await ScriptedGateway.serving { _ in
            try .json(float)
        } _: { gateway in
            let run = try rechargectl(
                "float",
                "topup",
                Self.sim,
                "49.90",
                "--reason",
                "transfer",
                "--key",
                "T1",
                "--socket",
                gateway.path
            )
            #expect(run.status == 0, "\(run.errors)")
            return gateway.requests.first
        }
        #expect(request?.uri == "/v1/floats/\(Self.sim)/topup")
        #expect(request?.key == "T1")
        #expect(request?.text == "{\"amount\":\"49.90\",\"reason\":\"transfer\"}")
    }

    @Test func aFindingEndsWithStatusOne() async throws {
        let books = BooksView(sims: 2, movements: 3, findings: ["the float of a SIM"])
        let audit = AuditView(events: 9, headSequence: 9, headHash: "ab", findings: ["event 3"])
        let view = VerificationView(books: books, audit: audit, integrity: ["page 7"])
        let run = try await ScriptedGateway.serving { _ in
            try .json(view)
        } _: { gateway in
            try rechargectl("verify", "--socket", gateway.path)
        }
        #expect(run.status == 1)
        for finding in view.findings { #expect(run.output.contains(finding)) }
        let whole = AuditView(events: 9, headSequence: 9, headHash: "ab", findings: [])
        let proof = try await ScriptedGateway.serving { request in
            request.uri == "/v1/audit/verify?sequence=4&hash=cd"
                ? try .json(whole) : try .problem(.notFound, request.uri)
        } _: { gateway in
            try rechargectl("audit", "verify", "--head", "4:cd", "--socket", gateway.path)
        }
        #expect(proof.status == 0)
        #expect(proof.output.contains("9:ab"))
    }

    @Test func aBackupIsForItsOwnerAndAppearsWhole() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path("backup.sqlite")
        let content = "SQLite format 3\u{0}" + String(repeating: "x", count: 300_000)
        try await ScriptedGateway.serving { _ in
            .text(content, "application/vnd.sqlite3")
        } _: { gateway in
            let run = try rechargectl("backup", file, "--socket", gateway.path)
            #expect(run.status == 0, "\(run.errors)")
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == content)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let other = folder.path("other")
        try await ScriptedGateway.serving { _ in
            .text("<html>", "text/html")
        } _: { gateway in
            let run = try rechargectl("backup", other, "--socket", gateway.path)
            #expect(run.status == 70)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    }

    @Test func theRestoredJobsOfABatchAreReleased() async throws {
        let request = try await ScriptedGateway.serving { _ in
            try .json(ReleasedView(released: 40))
        } _: { gateway in
            let run = try rechargectl(
                "job",
                "release",
                "--all-restored",
                "--batch",
                "7",
                "--reason",
                "unsent",
                "--socket",
                gateway.path
            )
            #expect(run.output == "40 jobs released\n")
            return gateway.requests.first
        }
        #expect(request?.uri == "/v1/restored/release?batch=7")
    }

    @Test func whatWasLeftAloneByAnErasureIsSaid() async throws {
        let run = try await ScriptedGateway.serving { _ in
            try .json(ErasureView(jobs: 2, messages: 5, kept: 1))
        } _: { gateway in
            try rechargectl("erase", "+8613800138000", "--reason", "r", "--socket", gateway.path)
        }
        #expect(run.status == 1)
        #expect(run.errors.contains("erase it again"))
    }
}
