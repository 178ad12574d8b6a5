import Testing

@testable import ATProtocol

/// Commands, answers and echoes of a channel in step; each case whole and byte by byte.
@Suite struct DialogueTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let command: ATCommand
        let bytes: String
        let result: ATResult?
        var indicated: [ATIndication] = []
        var testDescription: String { name }
    }

    static let query = ATCommand.signal
    static let maker = ATCommand.manufacturer
    static let answers: [Case] = [
        Case(
            name: "plain",
            command: query,
            bytes: "\r\n+CSQ: 17,99\r\n\r\nOK\r\n",
            result: .ok(["+CSQ: 17,99"])
        ),
        Case(
            name: "echo",
            command: query,
            bytes: "AT+CSQ\r\r\n+CSQ: 17,99\r\n\r\nOK\r\n",
            result: .ok(["+CSQ: 17,99"])
        ),
        Case(
            name: "doubled echo",
            command: maker,
            bytes: "AT+CGMI\rAT+CGMI\r\r\nACME\r\n\r\nOK\r\n",
            result: .ok(["ACME"])
        ),
        Case(
            name: "odd line ends",
            command: query,
            bytes: "\r\r\n\n+CSQ: 17,99 \r\r\r\n\n\r\n\0OK\r\n\r\n",
            result: .ok(["+CSQ: 17,99"])
        ),
        Case(
            name: "OK inside a text",
            command: maker,
            bytes: "\r\nOK computers\r\nBOOK\r\nERRORS\r\n\r\nOK\r\n",
            result: .ok(["OK computers", "BOOK", "ERRORS"])
        ),
        Case(
            name: "a look-alike of OK",
            command: maker,
            bytes: "\r\nO\u{212A}\r\nOK\r\n",
            result: .ok(["O\u{212A}"])
        ),
        Case(
            name: "no end yet",
            command: query,
            bytes: "\r\n+CSQ: 17,99\r\n\r\nOK",
            result: nil
        ),
        Case(
            name: "indications inside",
            command: query,
            bytes: "\r\n^RSSI: 9\r\n+CSQ: 17,99\r\n+CMTI: \"SM\",3\r\n\r\nOK\r\n",
            result: .ok(["+CSQ: 17,99"]),
            indicated: [.other("^RSSI: 9"), .messageStored(storage: "SM", index: 3)]
        ),
        Case(
            name: "an indication inside an answer without prefix",
            command: maker,
            bytes: "\r\n+CREG: 5\r\nACME\r\nRING\r\nNO CARRIER\r\nOK\r\n",
            result: .ok(["ACME"]),
            indicated: [.registration(.roaming), .other("RING"), .other("NO CARRIER")]
        ),
        Case(
            name: "a two-line indication inside",
            command: query,
            bytes: "\r\n+CMT: ,7\r\n0791AB\r\n+CSQ: 17,99\r\nOK\r\n",
            result: .ok(["+CSQ: 17,99"]),
            indicated: [.message(pdu: "0791AB", length: 7)]
        ),
        Case(
            name: "the text OK of a message is no result",
            command: query,
            bytes: "\r\n+CMT: \"+41\",,\"24/01/01\"\r\nOK\r\n+CSQ: 17,99\r\nOK\r\n",
            result: .ok(["+CSQ: 17,99"]),
            indicated: [.other("+CMT: \"+41\",,\"24/01/01\""), .other("OK")]
        ),
        Case(
            name: "registration asked and told",
            command: .registration,
            bytes:
                "\r\n+CREG: 2\r\n+CREG: 2,1,\"1A\",\"2B\",7\r\n+CREG: 1,\"1A\",\"2B\",7\r\nOK\r\n",
            result: .ok(["+CREG: 2,1,\"1A\",\"2B\",7"]),
            indicated: [.registration(.searching), .registration(.home)]
        ),
        Case(
            name: "header and body with an indication between",
            command: .readMessage(3),
            bytes: "\r\n+CMGR: 0,,7\r\n^RSSI: 9\r\n0791AB\r\nOK\r\n",
            result: .ok(["+CMGR: 0,,7", "0791AB"]),
            indicated: [.other("^RSSI: 9")]
        ),
        Case(name: "empty place", command: .readMessage(3), bytes: "\r\nOK\r\n", result: .ok([])),
        Case(
            name: "stray hex",
            command: query,
            bytes: "\r\n0791AB\r\n+CSQ: 1,99\r\nOK\r\n",
            result: .ok(["+CSQ: 1,99"]),
            indicated: [.other("0791AB")]
        ),
        Case(
            name: "ERROR",
            command: query,
            bytes: "\r\nERROR\r\n",
            result: .refused(.unspecified, [])
        ),
        Case(
            name: "CME",
            command: .pinState,
            bytes: "\r\n+CME ERROR: 10\r\n",
            result: .refused(.equipment(10), [])
        ),
        Case(
            name: "CME without space",
            command: .pinState,
            bytes: "\r\n+CME ERROR:10\r\n",
            result: .refused(.equipment(10), [])
        ),
        Case(
            name: "CME in words",
            command: .pinState,
            bytes: "\r\n+CME ERROR: SIM busy\r\n",
            result: .refused(.worded("SIM busy"), [])
        ),
        Case(
            name: "CMS",
            command: .listMessages(.all),
            bytes: "\r\n+CMS ERROR: 310\r\n",
            result: .refused(.messageService(310), [])
        ),
        Case(
            name: "unsupported",
            command: .attention,
            bytes: "\r\nCOMMAND NOT SUPPORT\r\n",
            result: .refused(.unsupported, [])
        ),
        Case(
            name: "a dial ends with NO CARRIER",
            command: ATCommand("ATD123;", repeatability: .once),
            bytes: "\r\nNO CARRIER\r\n",
            result: .refused(.call("NO CARRIER"), [])
        ),
        Case(
            name: "a USSD text over lines that say OK",
            command: query,
            bytes: "\r\n+CUSD: 0,\"a\r\nOK\r\nb\",15\r\n+CSQ: 1,99\r\nOK\r\n",
            result: .ok(["+CSQ: 1,99"]),
            indicated: [.ussd(mode: 0, text: "a\nOK\nb", dcs: 15)]
        ),
    ]

    @Test(arguments: answers, [false, true])
    func anAnswerIsReadByWholeLines(_ example: Case, byteByByte: Bool) {
        var bench = Bench.synchronised(byteByByte: byteByByte)
        let id = bench.submit(example.command)
        #expect(bench.written == [example.command.line + "\r"])
        bench.receive(example.bytes)
        #expect(bench.result(of: id) == example.result)
        #expect(bench.indicated == example.indicated)
        #expect(bench.channel.isIdle == (example.result != nil))
        #expect((bench.deadline == nil) == (example.result != nil))
    }

    @Test func aCommandWhileAnotherIsUnderWayIsNotSent() {
        var bench = Bench.synchronised()
        let first = bench.submit(.signal)
        let second = bench.submit(.attention)
        #expect(bench.result(of: second) == .notSent)
        bench.receive("\r\n+CSQ: 1,99\r\nOK\r\n")
        #expect(bench.result(of: first) == .ok(["+CSQ: 1,99"]))
        #expect(bench.written == ["AT+CSQ\r"])
    }

    @Test(arguments: ["", "AT\r", "AT\u{1A}", "AT\u{1B}", "ATé"])
    func anUnwritableLineIsNotSent(_ line: String) {
        var bench = Bench.synchronised()
        let id = bench.submit(ATCommand(line, repeatability: .once))
        #expect(bench.actions == [.completed(id, .notSent)])
        #expect(bench.channel.isIdle)
    }

    @Test func aQueryWithoutInformationIsNoSuccess() {
        var bench = Bench.synchronised()
        let once = ATCommand(
            "AT+X?",
            informationPrefix: "+X:",
            proof: .information,
            repeatability: .once
        )
        let id = bench.submit(once)
        bench.receive("\r\nOK\r\n")
        #expect(bench.result(of: id) == .garbled(beforeCommit: false, "OK without information"))
    }

    @Test func aCommandWrittenOnceCommitsWithItsLine() {
        var bench = Bench.synchronised()
        let ussd = ATCommand("AT+CUSD=1,\"*1#\",15", repeatability: .once)
        let id = bench.submit(ussd)
        #expect(bench.actions == [.committed(id), .write(Array("AT+CUSD=1,\"*1#\",15\r".utf8))])
        bench.expire()
        #expect(bench.result(of: id) == .timedOut(beforeCommit: false))
        bench.synchronise()
        #expect(bench.written.filter { $0.hasPrefix("AT+CUSD") }.count == 1)
    }

    @Test func closingEndsTheCommandAndTheChannel() {
        var bench = Bench.synchronised()
        let first = bench.submit(.signal)
        bench.handle(.closed)
        #expect(bench.result(of: first) == .closed(beforeCommit: true))
        #expect(bench.deadline == nil)
        bench.receive("\r\nOK\r\n")
        bench.handle(.closed)
        let second = bench.submit(.signal)
        #expect(bench.result(of: second) == .closed(beforeCommit: true))
        #expect(bench.actions.count == 3)
    }

    @Test func anEarlyTimerIsSetAgain() {
        var bench = Bench.synchronised()
        let id = bench.submit(.signal)
        let deadline = bench.deadline
        #expect(bench.channel.handle(.deadlinePassed, at: bench.now) == [.deadline(deadline)])
        #expect(bench.result(of: id) == nil)
    }

    @Test func descriptionsHoldNeitherPINNorNumber() {
        let command = ATCommand("AT+CPIN=\"4711\"", repeatability: .once)
        let id = ATCommandID(rawValue: 1)
        let values: [Any] = [
            command, ATChannel.Event.submitted(command, id),
            ATChannel.Event.payloadSupplied(Array("4711".utf8), id),
            ATChannel.Event.received(Array("4711".utf8)),
            ATChannel.Action.write(Array("4711".utf8)), ATChannel.Action.late(id, ["4711"]),
            ATChannel.Action.completed(id, .ok(["4711"])),
            ATChannel.Action.indicated(.other("4711")),
            ATIndication.message(pdu: "4711", length: 2), ATResult.refused(.worded("4711"), []),
            StoredMessage(index: 1, status: .receivedRead, length: 2, pdu: "4711"),
        ]
        for value in values {
            #expect(!String(describing: value).contains("4711"))
            #expect(!String(reflecting: value).contains("4711"))
        }
    }
}
