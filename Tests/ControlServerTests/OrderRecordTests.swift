import Recharge
import TestSupport
import Testing

@testable import ControlServer

struct OrderRecordTests {
    /// Every kind of cell that the reader lets through, and the records cut everywhere.
    @Test func whatTheReaderGivesIsReadBackAsItWas() throws {
        let key = NewJob.Key(client: "uid:1", key: "a/b")
        var reader = BatchReader(
            BatchContext(
                key: key,
                now: Samples.midnight,
                defaultCarrier: try Samples.carrier(),
                carriers: [try Samples.carrier(): try RunningServer.carrier().rules]
            )
        )
        let file = """
            number,amount,reference,priority,not_before,deadline,note,repeat
            13800138001,10,,,,,,
            +8613800138002,10.5,参考 1,9,2030-01-01,2031-01-01T00:00:00Z,"two
            lines, ""quoted"" and\ta tab",17
            008613800138003,500,r,0,,2031-01-01,🎉,2
            """
        let orders = reader.consume(Array(file.utf8)).orders + reader.finish().orders
        #expect(orders.count == 3)
        #expect(reader.mistakes.isEmpty)
        var bytes: [UInt8] = []
        for order in orders { OrderRecord.append(order, to: &bytes) }
        let records = bytes.split(separator: OrderRecord.end)
        #expect(records.map { OrderRecord.read($0, key: key) } == orders)
        for length in 0..<records[1].count {
            let cut = OrderRecord.read(records[1].prefix(length), key: key)
            #expect(cut == nil || cut != orders[1])
        }
    }
}
