import Simulation
import TestSupport
import Testing

/// A modem without echo answers each line as the standards say.
@Suite struct SimulatedModemTests {
    @Test(arguments: [
        ("AT", "|OK|"),
        ("at", "|OK|"),
        ("ATE0V1Q0", "|OK|"),
        ("ATZ", "|OK|"),
        ("AT&F&C1&D2", "|OK|"),
        ("AT+CMEE?", "|+CMEE: 0||OK|"),
        ("AT+CMEE=1;+CREG=2;+CREG?", "|+CREG: 2,1,\"1001\",\"00A1B2C3\"||OK|"),
        ("AT+CREG?;+CGREG?", "|+CREG: 0,1||+CGREG: 0,1||OK|"),
        ("AT+CPIN?", "|+CPIN: READY||OK|"),
        ("AT+CSQ", "|+CSQ: 24,99||OK|"),
        ("AT+CIMI", "|460000000700001||OK|"),
        ("AT+COPS?", "|+COPS: 0,0,\"CHINA MOBILE\"||OK|"),
        ("AT+COPS=3,2;+COPS?", "|+COPS: 0,2,\"46000\"||OK|"),
        ("AT+CSCS=\"UCS2\";+CSCS?", "|+CSCS: \"0055004300530032\"||OK|"),
        ("AT+CSCA?", "|+CSCA: \"+8613800100500\",145||OK|"),
        ("AT+CNMI=2,1,0,1,0;+CNMI?", "|+CNMI: 2,1,0,1,0||OK|"),
        ("AT+CPMS?", "|+CPMS: \"SM\",0,30,\"SM\",0,30,\"SM\",0,30||OK|"),
        ("AT+CPMS=\"SM\",\"SM\",\"SM\"", "|+CPMS: 0,30,0,30,0,30||OK|"),
        ("AT+CMGL=?", "|+CMGL: (0-4)||OK|"),
        ("AT+CMGF=1;+CMGF?", "|+CMGF: 1||OK|"),
        ("AT+CSMS=?", "|+CSMS: (0,1)||OK|"),
        ("ATD13800138000;", "|NO CARRIER|"),
        ("AT+NONSENSE", "|ERROR|"),
        ("AT+CMEE=1;+NONSENSE", "|+CME ERROR: 100|"),
        ("AT+CMEE=2;+NONSENSE", "|+CME ERROR: unknown|"),
        ("AT+CMEE=7", "|ERROR|"),
        ("AT+CMGR=1", "|+CMS ERROR: 321|"),
        ("AT+CMEE=2;+CMGR=1", "|+CMS ERROR: invalid memory index|"),
        ("AT+CMGS=0", "|+CMS ERROR: 304|"),
        ("AT+CNMA", "|+CMS ERROR: 340|"),
        ("AT+CSQ;+NONSENSE", "|+CSQ: 24,99||ERROR|"),
        ("AT=", "|ERROR|"),
        ("hello", "|ERROR|"),
        ("", ""),
        ("OK", ""),
        ("+CMTI: \"SM\",1", ""),
    ])
    func answers(command: String, answer: String) {
        var world = VirtualWorld()
        world.type("ATE0\r")
        #expect(world.type(command + "\r") == answer)
    }

    @Test func echoIsOnUntilItIsTurnedOff() {
        var world = VirtualWorld()
        #expect(world.type("AT\r") == "AT^|OK|")
        #expect(world.type("ATE0\r") == "ATE0^|OK|")
        #expect(world.type("AT\r") == "|OK|")
        #expect(world.type("ATZ\r") == "|OK|")
        #expect(world.type("AT\r") == "AT^|OK|")
    }

    @Test func numbersReplaceWordsAndQuietSaysNothing() {
        var world = VirtualWorld()
        world.type("ATE0V0\r")
        #expect(world.type("AT\r") == "0^")
        #expect(world.type("AT+X\r") == "4^")
        world.type("ATQ1\r")
        #expect(world.type("AT\r") == "")
    }

    @Test func bytesInAnyPiecesMakeTheSameLine() {
        var world = VirtualWorld()
        world.type("ATE0\r")
        #expect(world.type("A") + world.type("T+C") + world.type("SQ\r\n") == "|+CSQ: 24,99||OK|")
        #expect(world.type("ATX\u{08}E0\r") == "|OK|")
        #expect(world.type("\u{1B}\u{1A}AT\r") == "|OK|")
    }

    @Test func garbageNeverStopsAModem() {
        var random = SplitMix64(seed: 3)
        var world = VirtualWorld()
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 1...60, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            world.feed(.received(1, bytes))
        }
        world.type("\u{1B}\rATE0V1Q0\r")
        world.type("AT&F;E0\r")
        #expect(world.type("AT\r").hasSuffix("|OK|"))
    }

    @Test func escapeLeavesThePromptAndSendsNothing() {
        var world = VirtualWorld()
        world.type("ATE0\r")
        #expect(world.type("AT+CMGS=20\r") == "|> ")
        #expect(world.type("0011\u{1B}") == "|OK|")
        #expect(world.type("AT\r") == "|OK|")
        #expect(world.world.stations[0].modem.submitCount == 0)
    }

    @Test(arguments: ["", "00", "0011000A8100", "zz", "0011000B818312001083F00000A70161FF"])
    func malformedPayloadsAreRefused(payload: String) {
        var world = VirtualWorld()
        world.type("ATE0\rAT+CMGS=15\r")
        #expect(world.type(payload + "\u{1A}") == "|+CMS ERROR: 304|")
        #expect(world.type("AT\r") == "|OK|")
    }

    @Test func aPDUOfAnotherLengthThanAnnouncedIsRefused() {
        var world = VirtualWorld()
        world.type("ATE0\r")
        let pdu = "00110005810180F60000A704C8F71D14"
        for length in [14, 16] {
            world.type("AT+CMGS=\(length)\r")
            #expect(world.type(pdu + "\u{1A}") == "|+CMS ERROR: 304|")
        }
        world.type("AT+CMGS=15\r")
        #expect(world.type(pdu + "\u{1A}").hasPrefix("|+CMGS: 1||OK|"))
    }

    @Test func textModeSendsAndReads() {
        var world = VirtualWorld()
        world.type("ATE0\rAT+CMGF=1\r")
        #expect(world.type("AT+CMGS=\"+8613900700001\"\r") == "|> ")
        let answer = world.type("Hello there\u{1A}")
        #expect(answer == "|+CMGS: 1||OK||+CMTI: \"SM\",1|")
        let read = world.type("AT+CMGR=1\r")
        #expect(read.hasPrefix("|+CMGR: \"REC UNREAD\",\"+8613900700001\",,\""))
        #expect(read.hasSuffix("|Hello there||OK|"))
        #expect(world.type("AT+CMGL=\"REC UNREAD\"\r") == "|OK|")
        #expect(world.type("AT+CMGL=\"ALL\"\r").hasPrefix("|+CMGL: 1,\"REC READ\","))
        #expect(world.type("AT+CMGL=\"SOME\"\r") == "|+CMS ERROR: 305|")
    }

    @Test func chineseGoesThroughTextModeAsUCS2() {
        var world = VirtualWorld()
        world.type("ATE0\rAT+CMGF=1;+CSMP=17,167,0,8;+CSCS=\"UCS2\"\r")
        let own = "002B0038003600310033003900300030003700300030003000300031"
        world.type("AT+CMGS=\"\(own)\"\r")
        #expect(world.type("5145503C\u{1A}").hasPrefix("|+CMGS: 1|"))
        #expect(world.type("AT+CMGR=1\r").hasSuffix("|5145503C||OK|"))
    }

    @Test func writtenMessagesAreKeptAndSentFromTheSIM() {
        var world = VirtualWorld()
        world.type("ATE0\rAT+CMGF=1\r")
        world.type("AT+CMGW=\"+8613900700001\"\r")
        #expect(world.type("draft\u{1A}") == "|+CMGW: 1||OK|")
        #expect(world.type("AT+CMSS=1\r") == "|+CMSS: 1||OK||+CMTI: \"SM\",2|")
        #expect(world.type("AT+CMGL=\"STO SENT\"\r").contains("|draft|"))
        #expect(world.type("AT+CMGD=1,2\r") == "|OK|")
        #expect(world.type("AT+CMGD=?\r") == "|+CMGD: (2),(0-4)||OK|")
        #expect(world.type("AT+CMSS=9\r") == "|+CMS ERROR: 321|")
    }
}
