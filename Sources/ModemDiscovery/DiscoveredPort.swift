/// A tty that may lead to a modem, and what USB says about it.
///
/// The USB facts are nil for a port without a USB device behind it: a UART, or a pseudo-terminal.
package struct DiscoveredPort: Hashable, Sendable {
    /// What to open: the device node, or the link by which a list or a folder named it.
    package var path: String
    /// The sysfs path of the USB device; ports that share it belong to one transceiver.
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
