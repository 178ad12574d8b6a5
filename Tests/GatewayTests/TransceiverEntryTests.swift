import Engine
import ModemDiscovery
import Recharge
import TestSupport
import Testing

@testable import Gateway

@Suite struct TransceiverEntryTests {
    /// A Quectel with four ports, of which 2 and then 3 are the likeliest.
    private static func entry() -> TransceiverEntry {
        let ports = (0..<4).map { number in
            DiscoveredPort(
                path: "/dev/ttyUSB\(number)",
                usbDevice: "/sys/devices/usb1/1-1",
                vendorID: 0x2C7C,
                interface: .init(number: UInt8(number))
            )
        }
        var entry = TransceiverEntry(port: ports[0], since: Samples.midnight)
        entry.ports += ports.dropFirst()
        return entry
    }

    /// One run of its worker; returns the port that was tried.
    private static func run(_ entry: inout TransceiverEntry, findsSIM: Bool) throws -> String {
        let port = try #require(entry.candidate)
        entry.began(on: port, WorkerMailbox(), at: Samples.midnight)
        if findsSIM { entry.status.iccid = try Samples.iccid(1) }
        entry.ended()
        return port.path
    }

    @Test func thePortBehindWhichASIMWasFoundIsTriedAgain() throws {
        var entry = Self.entry()
        let found = [false, true, true, true, false, false]
        let tried = try found.map { try Self.run(&entry, findsSIM: $0) }
        #expect(tried.map { $0.suffix(1) } == ["2", "3", "3", "3", "3", "0"])
    }

    @Test func aSIMThatWasEnrolledIsNoLongerShownInQuarantine() throws {
        var entry = Self.entry()
        let port = try #require(entry.candidate)
        entry.began(on: port, WorkerMailbox(), at: Samples.midnight)
        entry.status.phase = .quarantined
        entry.changed(.stopped, nil)
        entry.changed(.asking, nil)
        #expect(entry.status.phase == .quarantined)
        entry.changed(.idle, nil)
        #expect(entry.status.phase == .working)
    }

    /// As many transceivers as ports, where a transceiver on USB shows several.
    @Test(arguments: [(0x0403, false), (0x10C4, false), (0x1A86, false), (0x12D1, true)])
    func behindABridgeEachPortIsATransceiver(vendor: UInt16, isOne: Bool) {
        let ports = (0..<2).map { number in
            DiscoveredPort(
                path: "/dev/ttyUSB\(number)",
                usbDevice: "/sys/devices/usb1/1-1",
                vendorID: vendor
            )
        }
        #expect((ports[0].transceiver == ports[1].transceiver) == isOne)
        #expect(TransceiverEntry(port: ports[0], since: Samples.midnight).isComposite == isOne)
    }
}
