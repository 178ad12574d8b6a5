import Testing

@testable import ATProtocol

/// After silence no answer may reach the wrong command, and no evidence may vanish.
@Suite struct ResynchronisationTests {
    enum Moment: CaseIterable {
        case draining
        case afterESC
        case afterBarrier
        case settling
    }

    /// A channel whose payload went unanswered, at a moment of its resynchronisation.
    static func unanswered(at moment: Moment, byteByByte: Bool) -> (Bench, ATCommandID) {
        var (bench, id) = PayloadTests.committed(byteByByte: byteByByte)
        bench.expire()
        switch moment {
        case .draining: break
        case .afterESC: bench.expire()
        case .afterBarrier: bench.expireToBarrier()
        case .settling:
            bench.expireToBarrier()
            bench.receive("\r\n+CMEE: (0-2)\r\nOK\r\n")
        }
        return (bench, id)
    }

    @Test(arguments: Moment.allCases, [false, true])
    func lateOKIsNeverCreditedToAnotherCommand(_ moment: Moment, byteByByte: Bool) {
        var (bench, id) = Self.unanswered(at: moment, byteByByte: byteByByte)
        bench.receive("\r\nOK\r\n")
        #expect(!bench.actions.contains(.resynchronised))
        #expect(!bench.channel.isIdle)
        if moment == .afterBarrier {
            bench.receive("\r\n+CMEE: (0,1,2)\r\n\r\nOK\r\n")
        }
        bench.synchronise()
        #expect(bench.actions.contains(.resynchronised))
        let next = bench.submit(.attention)
        #expect(bench.result(of: next) == nil)
        bench.receive("\r\nOK\r\n")
        #expect(bench.result(of: next) == .ok([]))
        #expect(bench.result(of: id) == .timedOut(beforeCommit: false))
    }

    @Test(arguments: Moment.allCases, [false, true])
    func lateReferenceIsHandedOutWithItsCommand(_ moment: Moment, byteByByte: Bool) {
        var (bench, id) = Self.unanswered(at: moment, byteByByte: byteByByte)
        bench.receive("\r\n+CMGS: 44\r\n\r\nOK\r\n")
        #expect(bench.late.first == .late(id, ["+CMGS: 44"]))
        #expect(bench.late.last == .late(moment == .draining ? id : nil, ["OK"]))
        bench.synchronise()
        #expect(bench.channel.isIdle)
    }

    @Test func lateReferenceAfterwardsIsStillOfItsCommandUntilTheNextCommit() {
        var (bench, id) = Self.unanswered(at: .draining, byteByByte: false)
        bench.synchronise()
        bench.receive("\r\n+CMGS: 44\r\n")
        let query = bench.submit(.signal)
        bench.receive("\r\n+CMGS: 45\r\n+CSQ: 1,99\r\nOK\r\n")
        #expect(bench.result(of: query) == .ok(["+CSQ: 1,99"]))
        let maker = bench.submit(.manufacturer)
        bench.receive("\r\n+CMGS: 46\r\nACME\r\nOK\r\n")
        #expect(bench.result(of: maker) == .ok(["ACME"]))
        let next = bench.submit(PayloadTests.send)
        bench.receive("\r\n+CMGS: 47\r\n> ")
        bench.receive("\r\n+CMGS: 48\r\n")
        #expect(bench.late == (44...48).map { .late(id, ["+CMGS: \($0)"]) })
        bench.handle(.payloadSupplied(PayloadTests.payload, next))
        bench.receive("\r\n+CMGS: 49\r\nOK\r\n")
        #expect(bench.result(of: next) == .ok(["+CMGS: 49"]))
    }

    @Test func aLateErrorIsOfTheCommandOnlyWhileNothingElseWasWritten() {
        for (moment, isKnown) in [
            (Moment.draining, true), (.afterESC, false), (.afterBarrier, false),
        ] {
            var (bench, id) = Self.unanswered(at: moment, byteByByte: false)
            bench.receive("\r\n+CMS ERROR: 302\r\n")
            #expect(bench.late == [.late(isKnown ? id : nil, ["+CMS ERROR: 302"])])
        }
    }

    @Test func aReferenceReadBeforeTheTimeoutIsNotLost() {
        var (bench, id) = PayloadTests.committed()
        bench.receive("\r\n+CMGS: 7\r\n")
        bench.expire()
        #expect(
            bench.actions
                == [.completed(id, .timedOut(beforeCommit: false)), .late(id, ["+CMGS: 7"])]
        )
    }

    @Test func onlyESCAndBarriersAreWritten() {
        var (bench, _) = Self.unanswered(at: .draining, byteByByte: false)
        while bench.isResynchronising { bench.expire() }
        let tries = ["\u{1B}", "AT+CMEE=?\r", "\u{1B}", "AT+CMGF=?\r"]
        #expect(Array(bench.written.prefix(4)) == tries)
        #expect(bench.written.count == 2 * Resynchronisation.tries)
        #expect(bench.actions.last == .lost(.silent))
        #expect(bench.channel.isIdle)
        #expect(bench.deadline == nil)
    }

    @Test func afterLossTheNextCommandSynchronisesFirstWithOtherBarriers() {
        var (bench, late) = Self.unanswered(at: .draining, byteByByte: false)
        while bench.isResynchronising { bench.expire() }
        bench.receive("\r\n+CMGS: 44\r\n\r\nOK\r\n")
        #expect(bench.late == [.late(late, ["+CMGS: 44"]), .late(nil, ["OK"])])
        bench.actions = []
        let next = bench.submit(.signal)
        bench.expireToBarrier()
        #expect(bench.written == ["\u{1B}", "AT+IFC=?\r"])
        bench.receive("\r\n+CMEE: (0-2)\r\nOK\r\n\r\n+CMGF: (0,1)\r\nOK\r\n")
        #expect(!bench.actions.contains(.resynchronised))
        bench.receive("\r\n+IFC: (0-2),(0-2)\r\nOK\r\n")
        bench.synchronise()
        #expect(bench.written.last == "AT+CSQ\r")
        bench.receive("\r\n+CSQ: 1,99\r\nOK\r\n")
        #expect(bench.result(of: next) == .ok(["+CSQ: 1,99"]))
    }

    @Test func aModemThatHungForMinutesIsInStepOnlyWithItsLastQuestion() {
        var (bench, _) = Self.unanswered(at: .draining, byteByByte: false)
        while bench.isResynchronising { bench.expire() }
        bench.submit(.signal)
        while bench.isResynchronising { bench.expire() }
        let next = bench.submit(.attention)
        bench.expireToBarrier()
        #expect(bench.barrierAsked == "AT+CSCS=?;+CRC=?")
        for number in 0..<8 {
            for prefix in Barrier(number: number).prefixes {
                bench.receive("\r\n\(prefix) (0-2)\r\n")
            }
            bench.receive("\r\nOK\r\n")
            bench.now = bench.now + .milliseconds(300)
            bench.handle(.deadlinePassed)
            #expect(!bench.actions.contains(.resynchronised))
        }
        bench.receive("\r\n+CSCS: (\"GSM\")\r\n+CRC: (0,1)\r\n\r\nOK\r\n")
        bench.expire()
        #expect(bench.actions.suffix(2) == [.resynchronised, .write(Array("AT\r".utf8))])
        bench.receive("\r\nOK\r\n")
        #expect(bench.result(of: next) == .ok([]))
    }

    @Test func aCommandThatFindsNoModemWasNeverWritten() {
        for (noise, loss) in [("", ATChannel.Loss.silent), ("garbage\r\n", .unintelligible)] {
            var bench = Bench()
            let id = bench.submit(PayloadTests.send)
            bench.receive(noise)
            while bench.isResynchronising { bench.expire() }
            #expect(bench.result(of: id) == .timedOut(beforeCommit: true))
            #expect(bench.actions.last == .lost(loss))
            #expect(!bench.written.contains { $0.contains("CMGS") })
        }
    }

    @Test func aRefusedBarrierGivesWayToTheNextAtOnce() {
        var (bench, _) = Self.unanswered(at: .afterBarrier, byteByByte: false)
        let start = bench.now
        bench.receive("\r\nERROR\r\n")
        bench.expireToBarrier()
        while bench.barrierAsked == "AT+CMEE=?" { bench.expire() }
        bench.expireToBarrier()
        #expect(bench.barrierAsked == "AT+CMGF=?")
        #expect(start.duration(to: bench.now) < .seconds(1))
        bench.receive("AT+CMGF=?\r\r\n+CMGF: (0,1)\r\n\r\nOK\r\n")
        bench.synchronise()
        #expect(bench.channel.isIdle)
    }

    @Test func aStutteringBarrierIsSwallowed() {
        var (bench, _) = Self.unanswered(at: .afterBarrier, byteByByte: false)
        bench.receive("\r\n+CMEE: (0-2)\r\n+CMEE: (0-2)\r\nOK\r\n")
        bench.now = bench.now.advanced(by: .milliseconds(150))
        bench.receive("OK\r\n")
        bench.handle(.deadlinePassed)
        #expect(!bench.actions.contains(.resynchronised))
        bench.now = bench.now.advanced(by: .milliseconds(200))
        bench.handle(.deadlinePassed)
        #expect(bench.actions.last == .resynchronised)
    }

    @Test func aModemThatNeverStopsTalkingIsProbedAllTheSame() {
        var (bench, _) = Self.unanswered(at: .draining, byteByByte: false)
        let start = bench.now
        while bench.barrierAsked == nil, start.duration(to: bench.now) < .seconds(10) {
            bench.now = bench.now.advanced(by: .milliseconds(50))
            bench.handle(.received(Array("\r\n^RSSI: 9\r\n".utf8)))
            bench.actions.removeAll { $0 == .indicated(.other("^RSSI: 9")) }
            if let deadline = bench.deadline, bench.now >= deadline { bench.expire() }
        }
        #expect(start.duration(to: bench.now) <= .seconds(5))
    }

    @Test func aRepeatableCommandIsRepeatedAsOftenAsItSays() {
        var bench = Bench.synchronised()
        let id = bench.submit(.attention)
        for tries in 1...3 {
            #expect(bench.written.filter { $0 == "AT\r" }.count == tries)
            #expect(bench.result(of: id) == nil)
            bench.expire()
            bench.receive("\r\nOK\r\n")
            bench.synchronise()
        }
        #expect(bench.result(of: id) == .timedOut(beforeCommit: true))
        #expect(bench.written.filter { $0 == "AT\r" }.count == 3)
        #expect(bench.actions.filter { $0 == .resynchronised }.count == 3)
    }

    @Test(arguments: [ATCommand.sendMessage(tpduLength: 23), .deleteMessage(3)])
    func aCommandForOnceIsWrittenOnce(_ command: ATCommand) {
        var bench = Bench.synchronised()
        let id = bench.submit(command)
        bench.expire()
        bench.synchronise()
        #expect(bench.result(of: id) != nil)
        #expect(bench.written.filter { $0 == command.line + "\r" }.count == 1)
    }

    @Test func theEchoOfAPayloadStaysHiddenAfterTheTimeout() {
        var (bench, _) = Self.unanswered(at: .draining, byteByByte: false)
        bench.receive("\(pdu)\u{1A}\r\n\(pdu.prefix(30))\r\n")
        #expect(bench.late.isEmpty)
        #expect(bench.indicated.isEmpty)
    }

    @Test func anOverlongLineEndsTheCommandAsGarbled() {
        let flood = [UInt8](repeating: 0x41, count: 10 * LineFramer.lineBytesMax)
        var (bench, id) = PayloadTests.committed()
        bench.receive(flood)
        #expect(
            bench.result(of: id)
                == .garbled(beforeCommit: false, "a line longer than any answer has")
        )
        bench.synchronise()
        bench.actions = []
        bench.receive(flood + Array("\r\n^RSSI: 9\r\n".utf8))
        #expect(bench.indicated == [.overlong, .other("^RSSI: 9")])
    }

    @Test(arguments: ["\r\nx", "\r\n" + String(repeating: "x", count: 2_000)])
    func aFloodOfLinesEndsTheCommandAsGarbled(_ line: String) {
        var bench = Bench.synchronised()
        let id = bench.submit(ATCommand("AT+CLAC", repeatability: .once))
        for _ in 0...Exchange.informationLinesMax { bench.receive(line) }
        bench.receive("\r\n")
        #expect(
            bench.result(of: id)
                == .garbled(beforeCommit: false, "more lines than any answer has")
        )
    }

    @Test func noCommandOrIndicationLooksLikeABarrier() {
        #expect(Set((0..<5_000).map { Barrier(number: $0).prefixes }).count == 5_000)
        #expect(Barrier(number: 0).line == "AT+CMEE=?")
        #expect(Barrier(number: 6).line == "AT+CMEE=?;+CMGF=?")
        for prefix in (0..<6).flatMap({ Barrier(number: $0).prefixes }) {
            #expect(IndicationTable.prefix(of: prefix) == nil)
            #expect(Barrier.prefix(of: prefix + " (0-2)") == prefix)
        }
        let commands: [ATCommand] = [
            .pinState, .messageService, .registration, .signal, .storageUsage,
            .selectStorage("SM"), .listMessages(.all), .readMessage(1), PayloadTests.send,
        ]
        for prefix in commands.compactMap(\.informationPrefix) {
            #expect(Barrier.prefix(of: prefix) == nil)
        }
    }
}
