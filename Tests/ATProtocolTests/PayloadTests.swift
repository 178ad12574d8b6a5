import Testing

@testable import ATProtocol

/// The dialogue that moves money: prompt, payload, reference.
@Suite struct PayloadTests {
    static let send = ATCommand.sendMessage(tpduLength: 23)
    static let payload = Array(pdu.utf8)

    /// A channel whose prompt stands.
    static func prompted(byteByByte: Bool = false) -> (Bench, ATCommandID) {
        var bench = Bench.synchronised(byteByByte: byteByByte)
        let id = bench.submit(send)
        bench.receive("\r\n> ")
        return (bench, id)
    }

    /// A channel whose payload is written.
    static func committed(byteByByte: Bool = false) -> (Bench, ATCommandID) {
        var (bench, id) = prompted(byteByByte: byteByByte)
        bench.handle(.payloadSupplied(payload, id))
        bench.actions = []
        return (bench, id)
    }

    @Test(
        arguments: [
            "\r\n> ", "\r\n>", ">", "> ", "AT+CMGS=23\r> ", "AT+CMGS=23\r\r\n> ", "AT+CMGS=23>",
            "\r\n+CREG: 1\r\n> ", "AT+CMGS=23\r\n+CMTI: \"SM\",3\r\n\r\n> ", "\r\n\0 > ",
        ],
        [false, true]
    )
    func thePromptIsSeenInEveryDress(_ bytes: String, byteByByte: Bool) {
        var bench = Bench.synchronised(byteByByte: byteByByte)
        let id = bench.submit(Self.send)
        bench.receive(bytes)
        #expect(bench.actions.contains(.prompted(id)))
        #expect(bench.written == ["AT+CMGS=23\r"])
    }

    /// The host slept, or its disk stood still, while the intent was put on disk.
    @Test(arguments: [(9, true), (10, false)])
    func aPromptThatStoodTooLongTakesNoPayload(seconds: Int, isWritten: Bool) {
        var (bench, id) = Self.prompted()
        bench.actions = []
        bench.now = bench.now.advanced(by: .seconds(seconds))
        bench.handle(.payloadSupplied(Self.payload, id))
        #expect(bench.actions.contains(.committed(id)) == isWritten)
        #expect(bench.written.contains { $0.contains("\u{1A}") } == isWritten)
        #expect((bench.result(of: id) == .notSent) == !isWritten)
    }

    /// A text that the network pushes comes raw, with whatever lines are in it.
    @Test(arguments: [
        ("+CUSD: 0,\"a\"\r\n", true), ("+CUSD: 0,\"a\",15\r\n", true),
        ("+CUSD: 0,\"" + String(repeating: "a\r\n", count: 16), true),
        ("+CMT: \"10086\",,\"26/11/27,07:00:00+32\"\r\nhello\r\n", true),
        ("+CREG: 1\r\n", false), ("+CMTI: \"SM\",1\r\n", false), ("^RSSI: 20\r\n", false),
    ])
    func aRefusalBehindATextProvesNothing(text: String, isTorn: Bool) {
        var (bench, id) = Self.committed()
        bench.receive("\r\n\(text)+CMS ERROR: 302\r\n\",15\r\n")
        let refused = ATResult.refused(.messageService(302), [])
        let torn = ATResult.garbled(beforeCommit: false, "an error after a text")
        #expect(bench.result(of: id) == (isTorn ? torn : refused))
    }

    @Test(arguments: ["\r\nA> ", "\r\n+CMTI: \"SM\",3> ", "\r\n"])
    func aTextWithAnAngleIsNoPrompt(_ bytes: String) {
        var bench = Bench.synchronised()
        let id = bench.submit(Self.send)
        bench.receive(bytes)
        #expect(!bench.actions.contains(.prompted(id)))
    }

    @Test func theCommitIsAnnouncedDirectlyBeforeTheOneWriteThatHoldsControlZ() {
        var (bench, id) = Self.prompted()
        bench.actions = []
        bench.handle(.payloadSupplied(Self.payload, id))
        #expect(bench.actions == [.committed(id), .write(Self.payload + [0x1A])])
        bench.handle(.payloadSupplied(Self.payload, id))
        #expect(bench.actions.count == 2)
    }

    static let accepted = [
        "\r\n+CMGS: 12\r\n\r\nOK\r\n",
        "\(pdu)\u{1A}\r\n+CMGS: 12\r\n\r\nOK\r\n",
        "\(pdu)\u{1A}+CMGS: 12\r\nOK\r\n",
        "\(pdu)\r\n> \(pdu)\u{1A}\r\n+CMGS: 12\r\n\r\nOK\r\n",
        "\r\n> \r\n+CMGS:12\r\n\r\r\nOK\r\n",
        "\(pdu.prefix(20))\r\n\(pdu.dropFirst(20))\r\n+CMGS: 12,\"24/01/01\"\r\nOK\r\n",
        "\r\n+CMGS: 12\r\n+CMGS: 12\r\nOK\r\n",
    ]

    @Test(arguments: accepted, [false, true])
    func aReferenceAndOKAreSuccess(_ bytes: String, byteByByte: Bool) throws {
        var (bench, id) = Self.committed(byteByByte: byteByByte)
        bench.receive(bytes)
        let result = try #require(bench.result(of: id))
        guard case .ok(let lines) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(MessageReference(lines: lines) == MessageReference(rawValue: 12))
        #expect(bench.indicated.isEmpty)
        #expect(bench.channel.isIdle)
    }

    @Test func anIndicationBetweenPayloadAndResultIsHandedOut() {
        var (bench, id) = Self.committed()
        bench.receive(
            "\r\n+CMTI: \"SM\",3\r\n+CMGS: 12\r\n+CDS: 24\r\n07AB\r\nNO CARRIER\r\nOK\r\n"
        )
        #expect(bench.result(of: id) == .ok(["+CMGS: 12"]))
        #expect(
            bench.indicated == [
                .messageStored(storage: "SM", index: 3), .statusReport(pdu: "07AB", length: 24),
                .other("NO CARRIER"),
            ]
        )
    }

    static let unproven: [(String, String)] = [
        ("\r\nOK\r\n", "OK without one message reference"),
        ("\r\n+CMGS: \r\nOK\r\n", "OK without one message reference"),
        ("\r\n+CMGS: 1x\r\nOK\r\n", "OK without one message reference"),
        ("\r\n+CMGS: 256\r\nOK\r\n", "OK without one message reference"),
        ("\r\n+CMGS: -1\r\nOK\r\n", "OK without one message reference"),
        ("\r\n+CMGS: 12\r\n+CMGS: 13\r\nOK\r\n", "OK without one message reference"),
        ("\r\n+CMGS: 12\r\n+CMS ERROR: 302\r\n", "an error after a message reference"),
    ]

    @Test(arguments: unproven)
    func withoutOneReferenceThereIsNoVerdict(_ bytes: String, reason: String) {
        var (bench, id) = Self.committed()
        bench.receive(bytes)
        #expect(bench.result(of: id) == .garbled(beforeCommit: false, reason))
        #expect(!bench.channel.isIdle)
        bench.synchronise()
        #expect(bench.channel.isIdle)
        #expect(!bench.written.contains { $0.contains("\u{1A}") || $0.contains("CMGS") })
    }

    @Test func aContradictoryReferenceIsNotLost() {
        var (bench, id) = Self.committed()
        bench.receive("\r\n+CMGS: 12\r\n+CMS ERROR: 38\r\n")
        #expect(bench.late == [.late(id, ["+CMGS: 12"])])
    }

    @Test(
        arguments: [
            ("\r\nERROR\r\n", ATError.unspecified),
            ("\r\n+CMS ERROR: 302\r\n", .messageService(302)),
        ])
    func anErrorInsteadOfThePromptIsARefusal(_ bytes: String, error: ATError) {
        var bench = Bench.synchronised()
        let id = bench.submit(Self.send)
        bench.receive(bytes)
        bench.handle(.payloadSupplied(Self.payload, id))
        #expect(bench.result(of: id) == .refused(error, []))
        #expect(bench.written == ["AT+CMGS=23\r"])
        #expect(bench.channel.isIdle)
    }

    @Test(arguments: ["\r\nOK\r\n", "\r\n+CMGS: 12\r\nOK\r\n"])
    func okInsteadOfThePromptIsNeverSuccess(_ bytes: String) {
        var bench = Bench.synchronised()
        let id = bench.submit(Self.send)
        bench.receive(bytes)
        bench.handle(.payloadSupplied(Self.payload, id))
        #expect(
            bench.result(of: id) == .garbled(beforeCommit: true, "OK instead of the prompt")
        )
        #expect(!bench.written.contains { $0.contains("\u{1A}") })
    }

    @Test(arguments: ["\r\nERROR\r\n", "\r\n+CMS ERROR: 500\r\n"], [false, true])
    func anErrorBehindThePromptStopsThePayload(_ bytes: String, byteByByte: Bool) {
        var (bench, id) = Self.prompted(byteByByte: byteByByte)
        bench.receive(bytes)
        bench.handle(.payloadSupplied(Self.payload, id))
        bench.handle(.promptAbandoned(id))
        #expect(bench.actions.filter { $0 == .committed(id) }.isEmpty)
        guard case .refused? = bench.result(of: id) else {
            Issue.record("not refused")
            return
        }
        bench.synchronise()
        #expect(bench.channel.isIdle)
        #expect(!bench.written.contains { $0.contains("\u{1A}") || $0.contains(pdu) })
    }

    @Test func promptAndErrorInOneReadStopThePayload() {
        var bench = Bench.synchronised()
        let id = bench.submit(Self.send)
        bench.receive("\r\n> \r\nERROR\r\n")
        bench.handle(.payloadSupplied(Self.payload, id))
        #expect(
            bench.actions.prefix(3).suffix(2)
                == [.prompted(id), .completed(id, .refused(.unspecified, []))]
        )
        #expect(!bench.actions.contains(.committed(id)))
    }

    @Test(arguments: [[], [0x1A], Array("07\r".utf8), Array("07\u{1B}".utf8), [0x30, 0xFF]])
    func aPayloadWithControlBytesIsNeverWritten(_ bytes: [UInt8]) {
        var (bench, id) = Self.prompted()
        bench.handle(.payloadSupplied(bytes, id))
        #expect(bench.result(of: id) == .notSent)
        #expect(bench.written.last == "\u{1B}")
        #expect(!bench.actions.contains(.committed(id)))
    }

    @Test func aPayloadOfAnotherCommandIsIgnored() {
        var (bench, id) = Self.prompted()
        let count = bench.actions.count
        bench.handle(.payloadSupplied(Self.payload, ATCommandID(rawValue: id.rawValue + 1)))
        bench.handle(.promptAbandoned(ATCommandID(rawValue: id.rawValue + 1)))
        #expect(bench.actions.count == count)
    }

    @Test func aPayloadBeforeThePromptIsIgnored() {
        var bench = Bench.synchronised()
        let id = bench.submit(Self.send)
        bench.handle(.payloadSupplied(Self.payload, id))
        bench.handle(.promptAbandoned(id))
        #expect(bench.written == ["AT+CMGS=23\r"])
        #expect(!bench.actions.contains(.committed(id)))
        bench.receive("> ")
        #expect(bench.actions.last == .prompted(id))
    }

    @Test func anAbandonedPromptIsLeftByESC() {
        var (bench, id) = Self.prompted()
        bench.handle(.promptAbandoned(id))
        #expect(bench.result(of: id) == .notSent)
        #expect(bench.written.last == "\u{1B}")
        bench.handle(.payloadSupplied(Self.payload, id))
        bench.receive("\r\nOK\r\n")
        bench.synchronise()
        #expect(bench.channel.isIdle)
        #expect(!bench.written.contains { $0.contains("\u{1A}") })
        let next = bench.submit(.signal)
        bench.receive("\r\n+CSQ: 1,99\r\nOK\r\n")
        #expect(bench.result(of: next) == .ok(["+CSQ: 1,99"]))
    }

    @Test func silenceBeforeTheCommitIsProvablyUnsent() {
        var bench = Bench.synchronised()
        let unprompted = bench.submit(Self.send)
        bench.expire()
        #expect(bench.result(of: unprompted) == .timedOut(beforeCommit: true))
        bench.receive("\r\n> ")
        bench.synchronise()
        #expect(!bench.actions.contains(.prompted(unprompted)))
        var (second, id) = Self.prompted()
        second.expire()
        #expect(second.result(of: id) == .timedOut(beforeCommit: true))
        second.handle(.payloadSupplied(Self.payload, id))
        second.synchronise()
        #expect(!second.written.contains { $0.contains("\u{1A}") })
    }

    @Test func silenceAfterTheCommitIsUnknown() {
        var (bench, id) = Self.committed()
        let start = bench.now
        bench.expire()
        #expect(start.duration(to: bench.now) == .seconds(120))
        #expect(bench.result(of: id) == .timedOut(beforeCommit: false))
        var (second, other) = Self.committed()
        second.receive("\r\n+CMGS: 9\r\n")
        second.handle(.closed)
        #expect(
            second.actions.prefix(2)
                == [.completed(other, .closed(beforeCommit: false)), .late(other, ["+CMGS: 9"])]
        )
    }

    @Test func aCommittedPayloadIsNeverRepeatedWhateverTheCommandDeclares() {
        var bench = Bench.synchronised()
        var command = Self.send
        command.repeatability = .repeatable(tries: 3)
        let id = bench.submit(command)
        bench.receive("> ")
        bench.handle(.payloadSupplied(Self.payload, id))
        bench.expire()
        #expect(bench.result(of: id) == .timedOut(beforeCommit: false))
        bench.synchronise()
        #expect(bench.written.filter { $0.hasPrefix("AT+CMGS") }.count == 1)
    }
}
