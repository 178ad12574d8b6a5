/// Where ports are looked for.
package enum PortSource: Hashable, Sendable, CustomStringConvertible {
    /// These paths, whenever they lead to a device.
    case list([String])
    /// Every entry of this folder that is a character device or a link to one.
    case directory(String)
    /// Every tty with a USB device behind it.
    case udev

    package var description: String {
        switch self {
        case .list: "the list of ports"
        case .directory(let path): "the folder \(path)"
        case .udev: "udev"
        }
    }
}
