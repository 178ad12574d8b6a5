import Testing

@testable import ATProtocol

/// The readers of single answers: what they take and what they refuse.
@Suite struct ParserTests {
    @Test(
        arguments: [
            ("+CMGS: 0", 0), ("+CMGS:255", 255), ("+CMGS: 12,\"24/01/01,10:00:00+32\"", 12),
            ("+CMGS: 256", nil), ("+CMGS: -1", nil), ("+CMGS: +1", nil), ("+CMGS:", nil),
            ("+CMGS: \"12\"", nil), ("+CMGS: 1 2", nil), ("CMGS: 12", nil), ("+CMSS: 12", nil),
            ("+CMGS: 99999999999999999999", nil),
        ] as [(String, UInt8?)]
    )
    func reference(_ line: String, value: UInt8?) {
        #expect(MessageReference(line: line)?.rawValue == value)
        #expect(MessageReference(lines: [line, line])?.rawValue == value)
        #expect(MessageReference(lines: []) == nil)
    }

    @Test(
        arguments: [
            (["+CMGR: 0,,2", "0201020A0B"], 2), (["+CMGR: 1,\"A, B\",2", "000A0B"], 2),
            (["+CMGR: 1,2", "000A0B"], 2), (["+CMGR: 1,,2", "0A0B"], 2), (["+CMGR: 1,,2"], nil),
            (["+CMGR: 1,,2", "000A0"], nil), (["+CMGR: 1,,2", "000A0BFF"], nil), ([], nil),
            (["+CMGR: 9,,2", "000A0B"], nil), (["+CMGR: 1,,0", "00"], nil),
            (["+CMGR: 1,,2", "00 0A0B"], nil), (["+CMGL: 1,1,,2", "000A0B"], nil),
        ] as [([String], Int?)]
    )
    func storedMessage(_ lines: [String], length: Int?) {
        #expect(StoredMessage(readResponse: lines)?.length == length)
    }

    @Test func aDamagedEntryOfAListDoesNotHarmItsNeighbours() {
        let list = StoredMessageList(listResponse: [
            "+CMGL: 1,0,,2", "000A0B", "+CMGL: 2,1,,2", "000A0BFF", "+CMGL: 3,1,,2",
            "+CMGL: 4,1,\"x\",2", "000C0D",
        ])
        #expect(list.messages.map(\.index) == [1, 4])
        #expect(list.messages.map(\.status) == [.receivedUnread, .receivedRead])
        #expect(list.damagedIndices == [2, 3])
        #expect(!list.isIncomplete)
        #expect(StoredMessageList(listResponse: ["000A0B"]).isIncomplete)
        #expect(StoredMessageList(listResponse: ["+CMGL: x,1,,2", "000A0B"]).isIncomplete)
        #expect(StoredMessageList(listResponse: []).messages.isEmpty)
    }

    @Test(
        arguments: [
            ("+CPMS: \"SM\",3,20,\"SM\",3,20,\"SM\",3,20", 3, 20), ("+CPMS: 3,20,3,20,3,20", 3, 20),
            ("+CPMS: 0,0", 0, 0), ("+CPMS: \"SM\",21,20", nil, nil), ("+CPMS: \"SM\"", nil, nil),
            ("+CPMS: 3", nil, nil), ("+CSQ: 3,20", nil, nil),
        ] as [(String, Int?, Int?)]
    )
    func storage(_ line: String, used: Int?, total: Int?) {
        #expect(StorageUsage(line)?.used == used)
        #expect(StorageUsage(line)?.total == total)
    }

    @Test(
        arguments: [
            ("+CREG: 0,1", .home, nil), ("+CREG: 2,5,\"1A\",\"2B\"", .roaming, nil),
            ("+CREG: 2,1, 1A2B, 00C3", .home, nil), ("+CREG: 0,11", .unknown, nil),
            ("+CREG: 1", nil, .home), ("+CREG: 1,\"1A\",\"2B\",7", nil, .home),
            ("+CREG: 0, 1A2B, 00C3", nil, .notRegistered), ("+CREG: x", nil, nil),
            ("+CREG:", nil, nil), ("+CGREG: 0,1", nil, nil),
        ] as [(String, RegistrationState?, RegistrationState?)]
    )
    func registration(_ line: String, asked: RegistrationState?, told: RegistrationState?) {
        #expect(RegistrationState(readResponse: line) == asked)
        #expect(RegistrationState(indication: line) == told)
    }

    @Test(
        arguments: [
            ("+CSQ: 0,99", -113), ("+CSQ: 31,0", -51), ("+CSQ:17", -79), ("+CSQ: 32,0", nil),
            ("+CSQ: 99,99", nil), ("+CSQ: ", nil),
        ] as [(String, Int?)]
    )
    func signal(_ line: String, level: Int?) {
        #expect(SignalQuality(line)?.decibelMilliwatts == level)
        #expect((SignalQuality("+CSQ: 99,99") == nil) == false)
    }

    @Test(
        arguments: [
            ("+CPIN: READY", .ready), ("+CPIN:SIM PIN", .pinRequired),
            ("+CPIN: SIM PUK", .pukRequired),
            ("+CPIN: \"READY\"", .ready), ("+CPIN: NOT INSERTED", .other("NOT INSERTED")),
            ("+CPIN:", nil), ("READY", nil),
        ] as [(String, SIMState?)]
    )
    func simState(_ line: String, state: SIMState?) {
        #expect(SIMState(line) == state)
    }

    @Test(
        arguments: [
            ("89860012345678901234", "89860012345678901234"),
            ("+CCID: \"8986001234567890123F\"", "8986001234567890123"),
            ("^ICCID: 898600123456789012ff", "898600123456789012"),
            ("+ICCID: 89860a12345678901234", "89860A12345678901234"),
            ("98680021436587092143", nil), ("898600123", nil), ("89860012345678901X34", nil),
            ("898600123456789012345", nil), ("", nil), ("FFFFFFFFFFFFFFFFFFFF", nil),
        ] as [(String, String?)]
    )
    func iccid(_ line: String, value: String?) {
        #expect(IdentityResponse.iccid([line]) == value)
        #expect(IdentityResponse.iccid(["junk", line]) == value)
    }

    @Test func identities() {
        #expect(IdentityResponse.imei(["490154203237518"]) == "490154203237518")
        #expect(IdentityResponse.imei(["+CGSN: \"4901542032375180\""]) == "4901542032375180")
        #expect(IdentityResponse.imei(["49015420323751", "49015420323751A"]) == nil)
        #expect(IdentityResponse.imsi(["460001234567890"]) == "460001234567890")
        #expect(IdentityResponse.imsi(["4600012345678", "460001234567890X"]) == nil)
        #expect(IdentityResponse.words(["+CGMI: \"ACME\""]) == "ACME")
        #expect(IdentityResponse.words([]) == nil)
    }

    static let indications: [(String, ATIndication?)] = [
        ("+CMTI: \"SM\",3", .messageStored(storage: "SM", index: 3)),
        ("+CDSI: \"SR\",0", .statusReportStored(storage: "SR", index: 0)),
        ("+CMTI: 3", .other("+CMTI: 3")), ("+CREG: 3", .registration(.denied)),
        ("+CPIN: READY", .simState(.ready)), ("+CUSD: 2", .ussd(mode: 2, text: nil, dcs: nil)),
        ("+CUSD: 0,\"a, b\",15", .ussd(mode: 0, text: "a, b", dcs: 15)), ("RDY", .ready("RDY")),
        ("SMS DONE", .ready("SMS DONE")), ("^SYSSTART", .ready("^SYSSTART")),
        ("NORMAL POWER DOWN", .poweringDown("NORMAL POWER DOWN")), ("RING", .other("RING")),
        ("^HCSQ: \"LTE\",1", .other("^HCSQ: \"LTE\",1")), ("+CMGS: 12", nil), ("OK", nil),
        ("ACME", nil), ("Motorola", nil), ("", nil),
    ]

    @Test(arguments: indications)
    func indication(_ line: String, value: ATIndication?) {
        #expect(ATIndication(line: line) == value)
    }

    @Test(
        arguments: [
            ("^SIMST: 255,1", .removed), ("^SIMST:0", .removed), ("^SIMST: 1", .inserted),
            ("^SIMST: 4", .present), ("^SIMST: 240", nil), ("^SIMST: x", nil),
            ("+SIMCARD: NOT AVAILABLE", .removed), ("+SIMCARD: AVAILABLE", .inserted),
            ("+SIMCARD:", nil), ("+QSIMSTAT: 1,0", .removed), ("+QSIMSTAT : 1,1", .inserted),
            ("+QSIMSTAT: 1,2", nil), ("+QSIMSTAT: 1", nil), ("^SCKS: 0", .removed),
            ("^SCKS: 1", .inserted), ("^SCKS: 2", .removed), ("#QSS: 0", .removed),
            ("#QSS: 1", .inserted), ("#QSS: 2", .present),
        ] as [(String, SIMPresence?)]
    )
    func whatMakersSayOfTheCard(_ line: String, presence: SIMPresence?) {
        #expect(ATIndication(line: line) == presence.map { .simPresence($0) } ?? .other(line))
    }

    static let joined: [([String], [ATIndication])] = [
        (["+CMT: ,7", "07AB"], [.message(pdu: "07AB", length: 7)]),
        (
            ["+CMT: \"x\",7", "^RSSI: 3", "07AB"],
            [.other("^RSSI: 3"), .message(pdu: "07AB", length: 7)]
        ),
        (["+CDS: ,7", "07AB"], [.statusReport(pdu: "07AB", length: 7)]),
        (["+CBM: 88", "07AB"], [.cellBroadcast(pdu: "07AB", length: 88)]),
        (
            ["+CMT: ,7", "+CMT: ,8", "07AB"],
            [.other("+CMT: ,7"), .message(pdu: "07AB", length: 8)]
        ),
        (["+CMT: x", "07AB"], [.other("+CMT: x"), .other("07AB")]),
        (["+CUSD: 1,\"a", "b\",15"], [.ussd(mode: 1, text: "a\nb", dcs: 15)]),
    ]

    @Test(arguments: joined)
    func indicationsOfSeveralLinesAreJoined(_ lines: [String], values: [ATIndication]) {
        for isByteByByte in [false, true] {
            var bench = Bench.synchronised(byteByByte: isByteByByte)
            for line in lines { bench.receive("\r\n\(line)\r\n") }
            #expect(bench.actions == values.map(ATChannel.Action.indicated))
        }
    }

    @Test func anEndlessUSSDTextIsGivenUp() {
        var bench = Bench.synchronised()
        bench.receive("\r\n+CUSD: 0,\"a\r\n")
        for _ in 0..<IndicationReader.ussdLinesMax { bench.receive("b\r\n") }
        #expect(bench.indicated.count == 2)
    }

    @Test func onlyRefusalsOfTheRequestAreDefinite() {
        let definite = (0..<1_000).filter {
            ATError.messageService($0).certainty == .definiteRefusal
        }
        #expect(definite == [301, 302, 303, 304, 305, 330])
        let ofThisCopy = (0..<1_000).filter {
            ATError.messageService($0).certainty == .refusalOfThisCopy
        }
        #expect(ofThisCopy == [1, 8, 10, 28, 29, 30, 50])
        let equipment = (0..<1_000).filter { ATError.equipment($0).certainty == .definiteRefusal }
        #expect(equipment == [3, 4, 24, 25, 26, 27, 50])
        for error in [ATError.unspecified, .worded("SIM busy"), .unsupported, .call("BUSY")] {
            #expect(error.certainty == .ambiguous)
            #expect(error.simFault == nil)
        }
        let faults = (0..<1_000).filter { ATError.messageService($0).simFault == .unusable }
        #expect(faults == [310, 311, 312, 313, 315, 316, 317, 318])
        #expect(ATError.messageService(322).simFault == .memoryFull)
        #expect(ATError.equipment(10).simFault == .unusable)
    }

    @Test func timeSaturatesInsteadOfTrapping() {
        let late = Instant(nanoseconds: .max)
        #expect(late.advanced(by: .seconds(1)) == late)
        #expect(Instant(nanoseconds: 0).advanced(by: .seconds(Int64.max)) == late)
        #expect(Instant(nanoseconds: -9).advanced(by: .seconds(-Int64.max)).nanoseconds == .min)
        #expect(Instant(nanoseconds: 5) + .nanoseconds(7) == Instant(nanoseconds: 12))
        #expect(Instant(nanoseconds: .min).duration(to: late) > .zero)
    }

    @Test func commandLines() {
        #expect(ATCommand.selectStorage("SM").line == "AT+CPMS=\"SM\",\"SM\",\"SM\"")
        #expect(ATCommand.sendMessage(tpduLength: 23).line == "AT+CMGS=23")
        #expect(ATCommand.sendMessage(tpduLength: 23).repeatability == .once)
        #expect(ATCommand.deleteMessage(1).repeatability == .once)
        #expect(ATCommand.newMessageIndications(.directReports).line == "AT+CNMI=2,1,0,1,0")
        #expect(ATCommand.iccidLadder.map(\.line) == ["AT+CCID", "AT+ICCID", "AT^ICCID?"])
    }
}
