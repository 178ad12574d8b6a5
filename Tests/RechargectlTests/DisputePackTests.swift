import ControlAPI
import Recharge
import TestSupport
import Testing

@testable import rechargectl

@Suite struct DisputePackTests {
    @Test func everythingAboutTheJobIsInOneFile() async throws {
        let folder = try TemporaryFolder()
        let file = try DeskSamples.file()
        let run = try await ScriptedGateway.serving { request in
            #expect(request.uri == "/v1/disputes/3")
            return try .json(file)
        } _: { gateway in
            let out = folder.path("pack.html")
            return try rechargectl("dispute", "pack", "3", "--out", out, "--socket", gateway.path)
        }
        #expect(run.status == 0)
        let page = try folder.read("pack.html")
        for words in [
            "Dispute 3, job 42", "+8613800138000", "50.00 CNY", "<td>17</td>", "S0001", "A-17",
            "1200.00 CNY", "1150.00 CNY", "流水号S0001", "E3", "E4", "history", "job.settled",
            "uid:1001(lan)", "the carrier confirmed it by letter", "What speaks against it",
            String(repeating: "9f3a5c07", count: 8), "event 104", "AT+CMGS=28\n",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(!page.contains("PRACTICE"))
    }

    @Test func bothPiecesStandSideBySide() throws {
        let page = PackPage(try DeskSamples.file()).html
        let pairs = page.components(between: "<div class=\"pair\">", "</div></div>")
        #expect(pairs.count == 2)
        let pieces = pairs[0].components(between: "class=\"piece against\">", "")
        #expect(pieces.first?.contains("no record from 2026-11-18") == true)
        #expect(pieces.first?.contains("S0001") == false)
        #expect(pairs[1].contains("the customer says that nothing arrived"))
    }

    @Test func foreignTextsStayTexts() throws {
        let page = PackPage(try DeskSamples.file(hostile: DeskSamples.hostile)).html
        #expect(!page.contains("<script"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;\\u{1B}[2J\\u{202E}&amp;"))
        let isHidden: (Unicode.Scalar) -> Bool = {
            $0.properties.generalCategory == .format
                || $0.properties.generalCategory == .control && $0 != "\n"
        }
        #expect(!page.unicodeScalars.contains(where: isHidden))
    }

    @Test func itLoadsNothing() throws {
        let page = PackPage(try DeskSamples.file()).html
        for word in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
            #expect(!page.contains(word), "\(word)")
        }
    }

    @Test func aPracticeSaysSo() throws {
        var file = try DeskSamples.file()
        file.practice = true
        #expect(PackPage(file).html.contains("PRACTICE"))
    }
}

extension String {
    /// What stands between each opening and the next closing; an empty closing is the end.
    fileprivate func components(between opening: String, _ closing: String) -> [String] {
        split(separator: opening).dropFirst().map { part in
            closing.isEmpty ? String(part) : String(part.split(separator: closing)[0])
        }
    }
}
