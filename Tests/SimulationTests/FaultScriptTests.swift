import Foundation
import Recharge
import Simulation
import Testing

/// Scripts say what they mean, and their mistakes have a place.
@Suite struct FaultScriptTests {
    @Test(arguments: ["hostile", "lost-answers"])
    func theScriptsOfTheRepositoryAreGood(name: String) throws {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let path = root.appending(path: "etc/simulations/\(name).script")
        let script = try FaultScript(parsing: String(contentsOf: path, encoding: .utf8))
        #expect(!script.lines.isEmpty)
    }

    @Test func aScriptIsReadLineByLine() throws {
        let script = try FaultScript(
            parsing: """
                # a comment

                at 5s: lose answers 10%
                modem 3: unplug after pdu   # the next one
                at 1.5s: modem 2: plug
                add 4
                answer latency 1s..3s
                delay answers 5% by 2m
                """
        )
        #expect(
            script.lines == [
                FaultScript.Line(time: .seconds(5), .lostAnswers(10)),
                FaultScript.Line(modem: 3, .unplugNext(.afterPDU)),
                FaultScript.Line(time: .milliseconds(1500), modem: 2, .plug),
                FaultScript.Line(.add(4)),
                FaultScript.Line(.answerLatency(Latency(.seconds(1), .seconds(3)))),
                FaultScript.Line(.lateAnswers(Delay(percent: 5, duration: .seconds(120)))),
            ]
        )
    }

    @Test(arguments: [
        "prompt latency 1s", "accept latency 0", "network latency 5ms..9ms", "lose submits 0.5%",
        "lose replies 100%", "delay replies 5% by 1s", "double answers 1%", "garble answers 1%",
        "forge answers 1%", "reorder answers 1%", "modem 1: swap with 2", "progress 1%",
        "refuse foreign 1%", "execution latency 1s..3s", "repeat answers 5% by 45s",
        "cms error 332 5%", "unplug",
        "unplug now", "unplug before prompt", "unplug after prompt 5%", "unplug before reply",
        "replug 2s", "replug off", "echo doubled", "noise 1s", "noise off", "silent on",
        "typing 2ms", "language mixed", "long off", "duplicates refuse", "float 49.90", "topup 100",
        "spoof answers 1%", "quote requests 1%", "reorder answers 100%", "history off",
        "reconfirm on", "reverse off",
        "balance off", "forge 13800138000 49.90", "modem 3: forge 13800138000 50 from +8610086",
        "pin 0000", "bad number 138", "foreign number 170", "remove", "remove 2", "calm",
    ])
    func everyCommandIsUnderstood(text: String) throws {
        #expect(try FaultScript(parsing: text).lines.count == 1)
    }

    @Test(arguments: [
        ("lose answers 10", 1, 14), ("lose everything 10%", 1, 6), ("lose answers", 1, 13),
        ("lose answers 101%", 1, 14), ("\nmodem x: plug", 2, 7), ("modem 3 plug", 1, 9),
        ("at soon: plug", 1, 4), ("explode", 1, 1), ("plug in", 1, 6), ("noise 0", 1, 7),
        ("unplug after lunch", 1, 8), ("answer latency 3s..1s", 1, 16), ("add 0", 1, 5),
        ("forge 138 50", 1, 7), ("forge 13800138000", 1, 18), ("history maybe", 1, 9),
        ("forge 13800138000 50 from bank", 1, 27), ("spoof replies 5%", 1, 7),
        ("at 5s: modem 2: refuse nothing 1%", 1, 24), ("echo loud", 1, 6), ("float much", 1, 7),
    ])
    func aMistakeNamesItsPlace(text: String, line: Int, column: Int) {
        let error = #expect(throws: FaultScriptError.self) { try FaultScript(parsing: text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test func identitiesAreWellFormedAndDistinct() {
        let all = (1...500).map { SimulatedIdentity(index: $0, seed: 9) }
        #expect(Set(all.map(\.iccid)).count == 500)
        #expect(Set(all.map(\.imei)).count == 500)
        #expect(Set(all.map(\.imsi)).count == 500)
        #expect(Set(all.map(\.number)).count == 500)
        for identity in all {
            #expect(identity.iccid.digits.count == 20)
            #expect(luhnSum(identity.imei.digits).isMultiple(of: 10))
            #expect(luhnSum(identity.iccid.digits).isMultiple(of: 10))
        }
        #expect(all[0] == SimulatedIdentity(index: 1, seed: 9))
    }

    private func luhnSum(_ digits: String) -> Int {
        digits.reversed().enumerated().reduce(0) { sum, place in
            let digit = place.element.wholeNumberValue ?? 0
            guard !place.offset.isMultiple(of: 2) else { return sum + digit }
            return sum + digit * 2 / 10 + digit * 2 % 10
        }
    }
}
