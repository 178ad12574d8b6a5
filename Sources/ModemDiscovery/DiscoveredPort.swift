/// A tty that may lead to a modem, and what USB says about it.
///
/// The USB facts are nil for a port without a USB device behind it: a UART, or a pseudo-terminal.
package struct DiscoveredPort: Hashable, Sendable {
    /// What to open: the device node, or the link by which a list or a folder named it.
    package var path: String
    /// The sysfs path of the USB device.
    package var usbDevice: String?
    package var vendorID: UInt16?
    package var productID: UInt16?
    /// The USB serial number; identical dongles often share one, so it identifies nothing alone.
    package var serial: String?
    package var interface: USBInterface?

    package init(
        path: String,
        usbDevice: String? = nil,
        vendorID: UInt16? = nil,
        productID: UInt16? = nil,
        serial: String? = nil,
        interface: USBInterface? = nil
    ) {
        self.path = path
        self.usbDevice = usbDevice
        self.vendorID = vendorID
        self.productID = productID
        self.serial = serial
        self.interface = interface
    }

    /// What tells its transceiver from others: ports that share it belong to one.
    ///
    /// A transceiver on USB shows several ports of one device. A bridge to serial lines does too,
    /// but behind each of them is a transceiver of its own.
    package var transceiver: String {
        let isBridge = vendorID.map(DiscoveredPort.bridgeVendors.contains) ?? false
        return isBridge ? path : usbDevice ?? path
    }

    /// Who makes bridges, and no transceivers, by `idVendor`: FTDI, Silicon Labs, WCH, Prolific,
    /// Exar, MosChip, Moxa.
    private static let bridgeVendors: Set<UInt16> = [
        0x0403, 0x10C4, 0x1A86, 0x067B, 0x04E2, 0x9710, 0x110A,
    ]

    /// The USB interface descriptor of one port: which of the device's functions it is.
    package struct USBInterface: Hashable, Sendable {
        /// `bInterfaceNumber`: fixed by the firmware, unlike the number in `ttyUSBn`.
        package var number: UInt8
        package var classCode: UInt8
        package var subclassCode: UInt8
        package var protocolCode: UInt8

        package init(
            number: UInt8,
            classCode: UInt8 = 0xFF,
            subclassCode: UInt8 = 0xFF,
            protocolCode: UInt8 = 0xFF
        ) {
            self.number = number
            self.classCode = classCode
            self.subclassCode = subclassCode
            self.protocolCode = protocolCode
        }
    }
}
