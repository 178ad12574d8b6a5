import Recharge
import Testing

@Suite struct ResultsFileTests {
    private static func job(_ change: (inout Job) -> Void) -> Job {
        guard let number = PhoneNumber(e164: "+8613800138000") else { fatalError("number") }
        var order = NewJob(
            key: NewJob.Key(client: "shop", key: "b/2"),
            carrier: BatchFixtures.carrier("sim"),
            number: number,
            numberAsSubmitted: "+8613800138000",
            amount: Amount(minorUnits: 4990, currency: BatchFixtures.currency("CNY"))
        )
        order.batchLine = 2
        order.reference = "A-1"
        var job = Job(id: Job.ID(1), order: order, state: .succeeded, at: BatchFixtures.now)
        job.attempts = 1
        job.finishedAt = BatchFixtures.now.advanced(by: .milliseconds(1500))
        job.sim = ICCID("8986001234567890123")
        job.serial = "SN1"
        job.reason = "充值成功"
        change(&job)
        return job
    }

    private static func cells(_ job: Job) -> [String: String] {
        var reader = CSVReader()
        let bytes = Array((ResultsFile.header + ResultsFile.row(job)).utf8)
        var position = 0
        var rows: [[String]] = []
        while reader.readRecord(bytes, &position) {
            let record = reader.record
            #expect(record.faults.isEmpty)
            rows.append(
                (0..<record.count).map { String(decoding: record.cell($0), as: UTF8.self) }
            )
        }
        #expect(rows.count == 2 && rows[1].count == rows[0].count)
        return Dictionary(zip(rows[0], rows[1]), uniquingKeysWith: { first, _ in first })
    }

    @Test func aJobIsOneLineInTheOrderOfTheDesign() {
        #expect(
            ResultsFile.header
                == "line,reference,number,amount,currency,carrier,state,serial,sim,attempts,"
                + "submitted_at,finished_at,reason\n"
        )
        #expect(
            ResultsFile.row(Self.job { _ in })
                == "2,A-1,+8613800138000,49.90,CNY,sim,succeeded,SN1,8986001234567890123,1,"
                + "2026-11-23T12:00:00.000Z,2026-11-23T12:00:01.500Z,充值成功\n"
        )
    }

    @Test func whatIsNotKnownIsEmpty() {
        let job = Self.job {
            $0.order.batchLine = nil
            $0.order.reference = nil
            $0.sim = nil
            $0.serial = nil
            $0.finishedAt = nil
            $0.reason = nil
            $0.state = .held
            $0.holdReason = .noSIM
        }
        let cells = Self.cells(job)
        for column in ["line", "reference", "serial", "sim", "finished_at"] {
            #expect(cells[column] == "")
        }
        #expect(cells["state"] == "held" && cells["reason"] == "no_sim")
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\\u{9}=1"), ("\r=1", "'\\u{D}=1"), ("a=1", "a=1"), ("1-1", "1-1"),
        ("a,\"b\"", "a,\"b\""), ("two\nlines", "two\\u{A}lines"), ("\u{1B}[31m", "\\u{1B}[31m"),
        ("\u{202E}abc", "\\u{202E}abc"), ("成功", "成功"),
    ])
    func foreignTextIsMadeHarmless(text: String, shown: String) {
        let job = Self.job {
            $0.reason = text
            $0.serial = text
            $0.order.reference = text
        }
        let cells = Self.cells(job)
        #expect(cells["reason"] == shown)
        #expect(cells["serial"] == shown)
        #expect(cells["reference"] == shown)
    }

    @Test(arguments: [("13800138000", "13800138000"), ("+86138", "+86138"), ("+1+1", "'+1+1")])
    func aNumberKeepsItsPlusSign(text: String, shown: String) {
        #expect(Self.cells(Self.job { $0.order.numberAsSubmitted = text })["number"] == shown)
    }
}
