import CUdev
import Glibc

/// Reads what sysfs knows about ttys, through libudev.
///
/// Everything comes from sysfs itself, not from udev's database, so it works where no udevd runs.
struct UdevDevices: ~Copyable {
    private let context: OpaquePointer

    init?() {
        guard let context = udev_new() else { return nil }
        self.context = context
    }

    deinit {
        udev_unref(context)
    }

    /// True when udevd runs: its events then come after its rules gave the node its owner and
    /// links.
    static var isDaemonRunning: Bool {
        access("/run/udev/control", F_OK) == 0
    }

    /// Every tty with a USB device behind it, in the order of their sysfs paths.
    borrowing func usbPorts() -> [DiscoveredPort] {
        guard let enumeration = udev_enumerate_new(context) else { return [] }
        defer { udev_enumerate_unref(enumeration) }
        udev_enumerate_add_match_subsystem(enumeration, "tty")
        if Self.isDaemonRunning {
            // A port whose rules did not run yet may not be opened; its event follows.
            udev_enumerate_add_match_is_initialized(enumeration)
        }
        udev_enumerate_scan_devices(enumeration)
        var ports: [DiscoveredPort] = []
        var entry = udev_enumerate_get_list_entry(enumeration)
        while let current = entry {
            entry = udev_list_entry_get_next(current)
            guard
                let device = udev_device_new_from_syspath(
                    context,
                    udev_list_entry_get_name(current)
                )
            else { continue }
            defer { udev_device_unref(device) }
            guard let node = udev_device_get_devnode(device) else { continue }
            let port = Self.describe(device, path: String(cString: node))
            if port.usbDevice != nil { ports.append(port) }
        }
        return ports
    }

    /// The port at a path that leads to a device node; without USB facts where there are none.
    borrowing func port(path: String, nodePath: String) -> DiscoveredPort {
        let folder = "/dev/"
        for node in [path, nodePath] where node.hasPrefix(folder) {
            let name = String(node.dropFirst(folder.count))
            guard !name.contains("/"),
                let device = udev_device_new_from_subsystem_sysname(context, "tty", name)
            else { continue }
            defer { udev_device_unref(device) }
            return Self.describe(device, path: path)
        }
        return DiscoveredPort(path: path)
    }

    private static func describe(_ device: OpaquePointer, path: String) -> DiscoveredPort {
        var port = DiscoveredPort(path: path)
        // Parents belong to their child and are not released apart.
        if let usb = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device") {
            port.usbDevice = udev_device_get_syspath(usb).map { String(cString: $0) }
            port.vendorID = number(usb, "idVendor")
            port.productID = number(usb, "idProduct")
            port.serial = attribute(usb, "serial")
        }
        if let usb = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_interface"),
            let interfaceNumber: UInt8 = number(usb, "bInterfaceNumber")
        {
            port.interface = DiscoveredPort.USBInterface(
                number: interfaceNumber,
                classCode: number(usb, "bInterfaceClass") ?? 0xFF,
                subclassCode: number(usb, "bInterfaceSubClass") ?? 0xFF,
                protocolCode: number(usb, "bInterfaceProtocol") ?? 0xFF
            )
        }
        return port
    }

    private static func attribute(_ device: OpaquePointer, _ name: String) -> String? {
        udev_device_get_sysattr_value(device, name).map { String(cString: $0) }
    }

    private static func number<Number: FixedWidthInteger>(
        _ device: OpaquePointer,
        _ name: String
    ) -> Number? {
        attribute(device, name).flatMap { Number($0, radix: 16) }
    }
}
