import Simulation
import Testing

/// Where `+CNMI` and a full SIM send a message.
@Suite struct MessageRoutingTests {
    private static let own = "+8613900700001"

    @Test(arguments: [
        ("2,0,0,0,0", "|+CMGS: 1||OK|", 1),
        ("2,1,0,0,0", "|+CMGS: 1||OK||+CMTI: \"SM\",1|", 1),
        ("0,1,0,0,0", "|+CMGS: 1||OK|", 1),
    ])
    func storedMessagesAreAnnouncedAsAsked(setting: String, answer: String, stored: Int) throws {
        var world = VirtualWorld()
        world.type("ATE0\rAT+CNMI=\(setting)\r")
        #expect(try world.send("hi", to: Self.own) == answer)
        #expect(world.world.stations[0].modem.storage.count == stored)
    }

    @Test func directDeliveryStoresNothing() throws {
        var world = VirtualWorld()
        world.type("ATE0\rAT+CNMI=2,2,0,1,0\r")
        let answer = try world.send("hi", to: Self.own, report: true)
        #expect(answer.contains("|+CMT: ,"))
        #expect(answer.contains("|+CDS: 26|"))
        #expect(world.world.stations[0].modem.storage.count == 0)
    }

    @Test func reportsAreStoredUnderTheirOwnIndication() throws {
        var world = VirtualWorld()
        world.type("ATE0\rAT+CNMI=2,0,0,2,0\r")
        #expect(try world.send("hi", to: Self.own, report: true).contains("|+CDSI: \"SM\",1|"))
        #expect(try world.inbox().first == "report")
    }

    @Test func unacknowledgedDeliveryFallsBackToTheSIM() throws {
        var world = VirtualWorld()
        world.type("ATE0\rAT+CSMS=1;+CNMI=2,2,0,0,0\r")
        #expect(try world.send("one", to: Self.own).contains("|+CMT: "))
        #expect(try !world.send("two", to: Self.own).contains("|+CMT: "))
        #expect(world.type("AT+CNMA\r").contains("|OK|"))
        world.pass(.seconds(20))
        #expect(try world.inbox().map { $0.suffix(3) } == ["two"])
    }

    @Test func whatFindsNoRoomWaitsInTheNetworkInItsOrder() throws {
        var world = VirtualWorld(capacity: 2)
        for text in ["a", "b", "c", "d"] { try world.send(text, to: Self.own) }
        #expect(world.world.stations[0].modem.storage.isFull)
        #expect(world.world.stations[0].waitingCount == 2)
        world.type("AT+CMGD=2\r")
        #expect(try world.inbox().map { $0.suffix(1) } == ["a", "c"])
        world.type("AT+CMGD=1,4\r")
        #expect(try world.inbox().map { $0.suffix(1) } == ["d"])
        #expect(world.world.stations[0].waitingCount == 0)
    }

    @Test func theLowestFreeSlotIsTakenFirst() throws {
        var world = VirtualWorld()
        for text in ["a", "b", "c"] { try world.send(text, to: Self.own) }
        world.type("ATE0\rAT+CMGD=2\r")
        #expect(try world.send("d", to: Self.own).contains("+CMTI: \"SM\",2"))
    }

    @Test func indicationsStayOutOfAnOpenPrompt() throws {
        var world = VirtualWorld(count: 2)
        world.type("ATE0\rAT+CMGS=20\r")
        try world.send("hi", to: Self.own, from: 2)
        #expect(world.hear() == "")
        #expect(world.type("\u{1B}") == "|OK||+CMTI: \"SM\",1|")
    }

    @Test func messagesSurviveAnUnplugging() throws {
        var world = VirtualWorld(count: 2)
        try world.send("kept", to: Self.own, from: 2)
        try world.tell("modem 1: unplug")
        try world.send("waited", to: Self.own, from: 2)
        #expect(world.world.stations[0].waitingCount == 1)
        try world.tell("modem 1: plug")
        #expect(try world.inbox().map { $0.split(separator: " ").last } == ["kept", "waited"])
    }
}
