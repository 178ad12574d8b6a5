import Glibc

/// How a serial line is set up: always raw, 8 data bits, no parity, no modem control lines.
///
/// USB modems ignore the rate; it matters for transceivers on a real UART.
package struct SerialSettings: Hashable, Sendable {
    package var baud: Baud
    package var flowControl: FlowControl

    package init(baud: Baud = .bps115200, flowControl: FlowControl = .none) {
        self.baud = baud
        self.flowControl = flowControl
    }

    /// A line rate in bits per second; the raw value is what a configuration file says.
    package enum Baud: Int, Hashable, Sendable, CaseIterable {
        case bps9600 = 9600
        case bps19200 = 19200
        case bps38400 = 38400
        case bps57600 = 57600
        case bps115200 = 115_200
        case bps230400 = 230_400
        case bps460800 = 460_800
        case bps921600 = 921_600

        var speed: speed_t {
            let code =
                switch self {
                case .bps9600: B9600
                case .bps19200: B19200
                case .bps38400: B38400
                case .bps57600: B57600
                case .bps115200: B115200
                case .bps230400: B230400
                case .bps460800: B460800
                case .bps921600: B921600
                }
            return speed_t(code)
        }
    }

    /// Who may stop the sender; XON/XOFF is not offered, since a PDU dialogue is not free of those
    /// bytes.
    package enum FlowControl: Hashable, Sendable, CaseIterable {
        case none
        case rtsCts
    }
}
