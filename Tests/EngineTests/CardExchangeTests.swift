import Recharge
import TestSupport
import Testing

@testable import ATProtocol
@testable import Engine

/// What modems say of the card in their holder while a worker relies on it.
@Suite struct CardExchangeTests {
    private static let now = EngineSamples.moment(.seconds(1))

    private static func working() throws -> SIMWorkerMachine {
        var machine = SIMWorkerMachine(seed: 1)
        machine.phase = .working
        machine.work = SIMWork(try EngineSamples.assignment(), at: now)
        return machine
    }

    /// Whether a line ends the worker.
    private static func ends(_ machine: inout SIMWorkerMachine, _ line: String) -> Bool {
        let actions = machine.handle(.received(Array("\r\n\(line)\r\n".utf8)), at: now)
        return actions.contains { action in
            if case .finish = action { true } else { false }
        }
    }

    /// A bring-up before it read the card's number, or after.
    private static func bringingUp(isIdentified: Bool) throws -> SIMWorkerMachine {
        var bringUp = BringUp()
        while bringUp.step != .iccid { _ = bringUp.answered(.ok(["+CPIN: READY"])) }
        if isIdentified {
            let iccid = try Samples.iccid(1)
            _ = bringUp.answered(.ok(["+CCID: \(iccid.digits)"]))
            #expect(bringUp.step == .imsi)
        }
        var machine = SIMWorkerMachine(seed: 1)
        machine.phase = .bringingUp(bringUp)
        return machine
    }

    @Test(arguments: [
        "^SIMST: 255", "^SIMST: 1", "+SIMCARD: NOT AVAILABLE", "+QSIMSTAT: 1,0", "+QSIMSTAT: 1,1",
        "^SCKS: 0", "^SCKS: 1", "#QSS: 0", "+CPIN: NOT READY",
    ])
    func anExchangeOfTheCardEndsTheWorker(line: String) throws {
        var machine = try Self.working()
        #expect(Self.ends(&machine, line))
        machine = SIMWorkerMachine(seed: 1)
        machine.phase = .identified
        #expect(Self.ends(&machine, line))
    }

    /// A card that the network refuses is no other card; nor is a network that comes back.
    @Test(arguments: ["^SIMST: 3", "+CPIN: READY", "+CREG: 0", "+CREG: 1", "^SCKS: x"])
    func whatLeavesTheCardWhereItIsEndsNothing(line: String) throws {
        var machine = try Self.working()
        #expect(!Self.ends(&machine, line))
    }

    @Test func aCardThatIsStatedAgainIsNoOther() throws {
        var machine = try Self.bringingUp(isIdentified: true)
        #expect(!Self.ends(&machine, "^SIMST: 1"))
        machine.phase = .working
        machine.work = SIMWork(try EngineSamples.assignment(), at: Self.now)
        #expect(!Self.ends(&machine, "^SIMST: 1"))
        #expect(!Self.ends(&machine, "^SIMST: 4"))
        #expect(!Self.ends(&machine, "^SIMST: 1"))
        #expect(Self.ends(&machine, "^SIMST: 255"))
    }

    /// It asks for the card itself; only what it has read already can be of another.
    @Test(arguments: [
        ("^SIMST: 1", false), ("^SIMST: 255", true), ("+CPIN: NOT INSERTED", true),
    ])
    func aBringUpEndsOnlyWhenTheCardItReadIsGone(line: String, isEnd: Bool) throws {
        var machine = try Self.bringingUp(isIdentified: false)
        #expect(!Self.ends(&machine, line))
        machine = try Self.bringingUp(isIdentified: true)
        #expect(Self.ends(&machine, line) == isEnd)
    }

    /// A modem that was switched off and on beside us says nothing of it: mode and card may be
    /// others.
    @Test(arguments: [("89860012340000000001", true), ("89860012340000000027", false)])
    func afterASilenceTheCardIsLookedAtBeforeAnythingIsSent(card: String, isIt: Bool) throws {
        var machine = try Self.working()
        let iccid = try Samples.iccid(1).digits
        let shown = isIt ? iccid : card
        let later = EngineSamples.moment(.seconds(30))
        machine.work?.order = .leased(try EngineSamples.job(1, number: 1))
        machine.work?.sweepDue = later.instant.advanced(by: .seconds(60))
        for (errand, lines) in [(SIMWork.Errand.format, []), (.identity, ["+CCID: \(shown)"])] {
            #expect(machine.work?.nextErrand(at: later.instant) == errand)
            machine.work?.errand = errand
            machine.workCompleted(.ok(lines), at: later)
        }
        #expect((machine.work?.nextErrand(at: later.instant) == .sending) == isIt)
        #expect((machine.work == nil) == !isIt)
    }

    /// Without a silence nothing is asked twice; a modem that shows nothing is given up.
    @Test func aModemThatJustAnsweredSendsAtOnce() throws {
        var machine = try Self.working()
        machine.work?.order = .leased(try EngineSamples.job(1, number: 1))
        machine.work?.sweepDue = Instant(nanoseconds: .max)
        let soon = EngineSamples.moment(.seconds(4))
        #expect(machine.work?.nextErrand(at: soon.instant) == .sending)
        machine.work?.errand = .signal
        machine.workCompleted(.ok([]), at: soon)
        let later = EngineSamples.moment(.seconds(8))
        #expect(machine.work?.nextErrand(at: later.instant) == .sending)
        for misses in 1...SIMWork.failuresMax {
            machine.work?.errand = .identity
            machine.workCompleted(.ok(["noise"]), at: later)
            #expect((machine.work == nil) == (misses == SIMWork.failuresMax))
        }
    }

    /// A card that is shown beside an idle modem says nothing of the mode that it is in.
    @Test func aCardThatIsShownAfterASilenceDoesNotStandForTheMode() throws {
        var machine = try Self.working()
        let later = EngineSamples.moment(.seconds(30))
        machine.work?.sweepDue = Instant(nanoseconds: .max)
        machine.work?.errand = .identity
        let iccid = try Samples.iccid(1).digits
        machine.workCompleted(.ok(["+CCID: \(iccid)"]), at: later)
        machine.work?.order = .leased(try EngineSamples.job(1, number: 1))
        #expect(machine.work?.nextErrand(at: later.instant) == .format)
    }

    /// Its settings are lost, whether the SIM is at work already or not.
    @Test(arguments: [(false, false), (true, true)])
    func aModemThatStartsAnewIsSetUpAnew(isIdentified: Bool, isEnd: Bool) throws {
        var machine = try Self.bringingUp(isIdentified: isIdentified)
        #expect(Self.ends(&machine, "RDY") == isEnd)
    }

    /// The messages of another card would be taken for this one's, and deleted.
    @Test(arguments: ["sweep", "read", "delete"])
    func afterASilenceTheCardIsLookedAtBeforeItsMessagesAre(errand: String) throws {
        var machine = try Self.working()
        let later = EngineSamples.moment(.seconds(30))
        machine.work?.sweepDue = Instant(nanoseconds: .max)
        switch errand {
        case "sweep": machine.work?.sweepDue = later.instant
        case "read": machine.work?.inbox.announced(3)
        default:
            machine.work?.inbox.announced(3)
            _ = machine.work?.inbox.nextUnread()
            _ = machine.work?.inbox.read(3, pdu: "00", at: later.utc)
            machine.work?.inbox.filed(3)
        }
        #expect(machine.work?.nextErrand(at: later.instant) == .format)
        machine.work?.errand = .format
        machine.workCompleted(.ok([]), at: later)
        #expect(machine.work?.nextErrand(at: later.instant) == .identity)
        machine.work?.errand = .identity
        let iccid = try Samples.iccid(1).digits
        machine.workCompleted(.ok(["+CCID: \(iccid)"]), at: later)
        let next = machine.work?.nextErrand(at: later.instant)
        #expect([.listing, .reading(3), .deleting(3)].contains(next))
    }

    /// A card is busy for a moment while a message is being written to it.
    @Test func aCardThatIsBusyIsAskedAgainLater() throws {
        var machine = try Self.working()
        let later = EngineSamples.moment(.seconds(30))
        machine.work?.sweepDue = Instant(nanoseconds: .max)
        machine.work?.inbox.announced(3)
        #expect(machine.work?.nextErrand(at: later.instant) == .format)
        machine.work?.errand = .format
        machine.workCompleted(.refused(.messageService(314), []), at: later)
        #expect(machine.work?.nextErrand(at: later.instant) == nil)
        let due = later.instant.advanced(by: SIMWork.soon)
        #expect(machine.work?.nextDeadline(isChannelIdle: true, isStopping: false) == due)
        #expect(machine.work?.nextErrand(at: due) == .format)
    }
}
