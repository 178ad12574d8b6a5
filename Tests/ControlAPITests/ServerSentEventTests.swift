import ControlAPI
import Testing

struct ServerSentEventTests {
    private let stream =
        ": after 0\n\nid: 1\nevent: a\ndata: {\"x\":1}\n\n: alive\n\n"
        + "id:2\r\ndata: one\r\ndata:two\r\n\r\n\n\ndata: cut"

    private let expected = [
        ServerSentEvent(id: "1", data: "{\"x\":1}"), ServerSentEvent(id: "2", data: "one\ntwo"),
    ]

    @Test func howTheBytesAreCutMakesNoDifference() throws {
        let bytes = Array(stream.utf8)
        for size in 1...bytes.count {
            var parser = ServerSentEventParser()
            var events: [ServerSentEvent] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let found = parser.append(rest.prefix(size))
                events += try #require(found)
                rest = rest.dropFirst(size)
            }
            #expect(events == expected)
        }
    }

    @Test func anEndlessLineIsRefused() {
        var parser = ServerSentEventParser()
        let chunk = [UInt8](repeating: 0x41, count: ServerSentEventParser.lineBytesMax)
        #expect(parser.append(chunk) == [])
        #expect(parser.append(chunk) == nil)
    }
}
