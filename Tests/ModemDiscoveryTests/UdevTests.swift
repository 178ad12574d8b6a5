import CUMockdev
import Glibc
import ModemDiscovery
import Testing

/// Runs only under `umockdev-wrapper`, which stands in for sysfs, /dev and udev's events.
@Suite(
    .serialized,
    .timeLimit(.minutes(5)),
    .enabled(if: USBTestbed.isAvailable, "needs umockdev-wrapper and no udevd")
)
struct UdevTests {
    @Test(arguments: [Duration.seconds(3600), .milliseconds(5)])
    func everyPortOfAUSBModemArrivesWithItsInterfaceAndDeparts(scanInterval: Duration) async throws
    {
        let testbed = USBTestbed()
        try testbed.plugUART()
        try testbed.plugModem(bus: 1, ports: [(0, 3), (2, 4)])
        let discovery = ModemDiscovery(sources: [.udev], scanInterval: scanInterval)
        var events = discovery.events().makeAsyncIterator()
        #expect(await events.next() == .arrived(expected(bus: 1, interface: 0, node: 3)))
        #expect(await events.next() == .arrived(expected(bus: 1, interface: 2, node: 4)))

        try testbed.plugModem(bus: 2, ports: [(2, 0)])
        #expect(await events.next() == .arrived(expected(bus: 2, interface: 2, node: 0)))

        testbed.unplugModem(bus: 2, ports: [(2, 0)])
        #expect(await events.next() == .departed(path: "/dev/ttyUSB0"))
        testbed.unplugModem(bus: 1, ports: [(0, 3), (2, 4)])
        #expect(await events.next() == .departed(path: "/dev/ttyUSB3"))
        #expect(await events.next() == .departed(path: "/dev/ttyUSB4"))
    }

    @Test func aModemReplacedUnseenDepartsAndArrives() async throws {
        let testbed = USBTestbed()
        try testbed.plugModem(bus: 1, ports: [(2, 0)])
        let discovery = ModemDiscovery(sources: [.udev], scanInterval: .seconds(3600))
        var events = discovery.events().makeAsyncIterator()
        #expect(await events.next() == .arrived(expected(bus: 1, interface: 2, node: 0)))
        testbed.replug(bus: 1, port: (2, 0))
        #expect(await events.next() == .departed(path: "/dev/ttyUSB0"))
        #expect(await events.next() == .arrived(expected(bus: 1, interface: 2, node: 0)))
    }

    @Test func aListedPathOfAUSBModemCarriesItsUSBFacts() async throws {
        let testbed = USBTestbed()
        try testbed.plugModem(bus: 1, ports: [(2, 7)])
        let discovery = ModemDiscovery(sources: [.list(["/dev/ttyUSB7"]), .udev])
        var events = discovery.events().makeAsyncIterator()
        #expect(await events.next() == .arrived(expected(bus: 1, interface: 2, node: 7)))
        testbed.unplugModem(bus: 1, ports: [(2, 7)])
        #expect(await events.next() == .departed(path: "/dev/ttyUSB7"))
    }

    private func expected(bus: Int, interface: UInt8, node: Int) -> DiscoveredPort {
        DiscoveredPort(
            path: "/dev/ttyUSB\(node)",
            usbDevice: "/sys/devices/usb\(bus)/\(bus)-1",
            vendorID: 0x2C7C,
            productID: 0x0125,
            serial: "SN\(bus)",
            interface: .init(
                number: interface,
                classCode: 0xFF,
                subclassCode: 0x00,
                protocolCode: 0x10
            )
        )
    }
}

/// The emulated machine of one test.
private final class USBTestbed {
    struct Refused: Error {
        var reason: String
    }

    /// Where udevd runs, an emulated device would wait for its database entry for ever.
    static var isAvailable: Bool {
        guard let preloaded = getenv("LD_PRELOAD"), access("/run/udev/control", F_OK) != 0 else {
            return false
        }
        return String(cString: preloaded).contains("libumockdev-preload")
    }

    private let testbed = umockdev_testbed_new()
    private let root: String

    init() {
        let folder = umockdev_testbed_get_root_dir(testbed)
        defer { g_free(folder) }
        root = folder.map { String(cString: $0) } ?? ""
    }

    deinit {
        g_object_unref(testbed)
    }

    /// Adds a modem with ports given by interface and node number; their `add` events follow by
    /// themselves.
    func plugModem(bus: Int, ports: [(interface: Int, node: Int)]) throws {
        var description = """
            P: /devices/usb\(bus)/\(bus)-1
            E: SUBSYSTEM=usb
            E: DEVTYPE=usb_device
            A: idVendor=2c7c\\n
            A: idProduct=0125\\n
            A: serial=SN\(bus)\\n


            """
        for port in ports {
            let interface = folder(bus, port.interface)
            description += """
                P: \(interface)
                E: SUBSYSTEM=usb
                E: DEVTYPE=usb_interface
                A: bInterfaceNumber=0\(port.interface)\\n
                A: bInterfaceClass=ff\\n
                A: bInterfaceSubClass=00\\n
                A: bInterfaceProtocol=10\\n

                P: \(interface)/ttyUSB\(port.node)/tty/ttyUSB\(port.node)
                N: ttyUSB\(port.node)
                E: SUBSYSTEM=tty
                E: DEVNAME=/dev/ttyUSB\(port.node)
                E: MAJOR=188
                E: MINOR=\(port.node)


                """
        }
        try add(description)
    }

    /// A serial port without USB, which udev shows too and discovery leaves to a list.
    func plugUART() throws {
        try add(
            """
            P: /devices/platform/serial8250/tty/ttyS0
            N: ttyS0
            E: SUBSYSTEM=tty
            E: DEVNAME=/dev/ttyS0
            E: MAJOR=4
            E: MINOR=64

            """
        )
    }

    /// Removes a modem with its ports, in this order; the kernel tells of each.
    func unplugModem(bus: Int, ports: [(interface: Int, node: Int)]) {
        for port in ports {
            let interface = "/sys\(folder(bus, port.interface))"
            remove("\(interface)/ttyUSB\(port.node)/tty/ttyUSB\(port.node)")
            remove(interface)
            // The testbed leaves the node behind, in the folder that stands in for /.
            unlink("\(root)/dev/ttyUSB\(port.node)")
        }
        remove("/sys/devices/usb\(bus)/\(bus)-1")
    }

    /// Tells of a removal and an arrival, as when both happened before anyone looked.
    ///
    /// The device itself stays: a testbed cannot make a node twice.
    func replug(bus: Int, port: (interface: Int, node: Int)) {
        let interface = "/sys\(folder(bus, port.interface))"
        let device = "\(interface)/ttyUSB\(port.node)/tty/ttyUSB\(port.node)"
        umockdev_testbed_uevent(testbed, device, "remove")
        umockdev_testbed_uevent(testbed, device, "add")
    }

    private func remove(_ device: String) {
        umockdev_testbed_uevent(testbed, device, "remove")
        umockdev_testbed_remove_device(testbed, device)
    }

    private func folder(_ bus: Int, _ interface: Int) -> String {
        "/devices/usb\(bus)/\(bus)-1/\(bus)-1:1.\(interface)"
    }

    private func add(_ description: String) throws {
        var error: UnsafeMutablePointer<GError>?
        guard umockdev_testbed_add_from_string(testbed, description, &error) != 0 else {
            defer { g_clear_error(&error) }
            throw Refused(reason: error.map { String(cString: $0.pointee.message) } ?? "no reason")
        }
    }
}
