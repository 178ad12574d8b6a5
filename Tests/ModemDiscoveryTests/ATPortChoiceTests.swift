import ModemDiscovery
import Testing

struct ATPortChoiceTests {
    @Test(
        arguments: [
            (0x2C7C, 0x0125, [0, 1, 2, 3], [2, 3, 0, 1]),
            (0x1E0E, 0x9001, [0, 1, 2, 3, 4], [2, 3, 0, 1, 4]),
            (0x1E0E, 0x9011, [2, 3, 4], [4, 2, 3]),
            (0x19D2, 0x0031, [0, 1, 3], [3, 0, 1]),
            (0x1BC7, 0x1201, [0, 2, 4], [2, 4, 0]),
            (0x1199, 0x68A2, [0, 2, 3, 4], [3, 0, 2, 4]),
            (0x1E2D, 0x0053, [0, 2], [0, 2]),
            (0x1546, 0x1102, [2, 0], [0, 2]),
            (0x1234, 0x5678, [3, 1, 2], [1, 2, 3]),
        ] as [(UInt16, UInt16, [UInt8], [UInt8])]
    )
    func theKnownATInterfaceComesFirst(
        vendor: UInt16,
        product: UInt16,
        shown: [UInt8],
        preferred: [UInt8]
    ) {
        let ports = shown.map { port(vendor, product, .init(number: $0)) }
        let order = ATPortChoice.preferred(among: ports).map(\.interface?.number)
        #expect(order == preferred)
        #expect(ATPortChoice.preferred(among: ports.reversed()).map(\.interface?.number) == order)
    }

    @Test func huaweiIsChosenByProtocolNotByNumber() {
        let modem = port(0x12D1, 0x1506, interface(0, 0x01))
        let diagnostics = port(0x12D1, 0x1506, interface(1, 0x03))
        let pcUI = port(0x12D1, 0x1506, interface(2, 0x02))
        let order = ATPortChoice.preferred(among: [diagnostics, modem, pcUI])
        #expect(order == [pcUI, modem, diagnostics])
    }

    @Test func anOldHuaweiKeepsItsModemPortForLast() {
        let ports = [UInt8](0...2).map { port(0x12D1, 0x1001, .init(number: $0)) }
        let order = ATPortChoice.preferred(among: ports).map(\.interface?.number)
        #expect(order == [1, 2, 0])
    }

    @Test func portsWithoutUSBFactsComeLastByPath() {
        let unknown = ["/dev/ttyS1", "/dev/ttyS0"].map { DiscoveredPort(path: $0) }
        let known = port(0x1234, 1, .init(number: 7))
        let order = ATPortChoice.preferred(among: unknown + [known])
        #expect(order.map(\.path) == [known.path, "/dev/ttyS0", "/dev/ttyS1"])
    }

    private func interface(_ number: UInt8, _ code: UInt8) -> DiscoveredPort.USBInterface {
        .init(number: number, classCode: 0xFF, subclassCode: 0x02, protocolCode: code)
    }

    private func port(
        _ vendor: UInt16,
        _ product: UInt16,
        _ interface: DiscoveredPort.USBInterface
    ) -> DiscoveredPort {
        DiscoveredPort(
            path: "/dev/ttyUSB\(9 - interface.number)",
            usbDevice: "/sys/devices/usb1/1-1",
            vendorID: vendor,
            productID: product,
            interface: interface
        )
    }
}
