import Glibc

/// Why a serial port could not be opened or had to be closed: what, where, the cause and the cure.
package struct SerialPortError: Error, Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var operation: Operation
    package var cause: Cause

    package init(path: String, operation: Operation, cause: Cause) {
        self.path = path
        self.operation = operation
        self.cause = cause
    }

    package enum Operation: String, Hashable, Sendable {
        case open
        case lock
        case configure
        case read
        case write
        case createPseudoTerminal = "create a pseudo-terminal"
    }

    package enum Cause: Hashable, Sendable {
        /// A system call failed with this `errno`.
        case system(CInt)
        case notATerminal
        case heldByAnotherProgram
        /// The device or the other end went away.
        case hungUp
        /// The other end took no bytes until the output buffer was full.
        case outputStalled
        /// The event loop refused the descriptor, in its own words.
        case eventLoop(String)
    }

    package var description: String {
        "\(path): cannot \(operation.rawValue): \(reason)"
    }

    private var reason: String {
        switch cause {
        case .system(let code): Self.reason(code)
        case .notATerminal: "not a terminal device; name the tty of a modem, such as /dev/ttyUSB2"
        case .heldByAnotherProgram:
            "another program holds it (ModemManager? a second daemon?); stop that program, or "
                + "make it leave the port alone"
        case .hungUp: "the device went away; was it unplugged or reset?"
        case .outputStalled:
            "the device takes no bytes; check its flow control lines, or restart it"
        case .eventLoop(let words): words
        }
    }

    private static func reason(_ code: CInt) -> String {
        let words = String(cString: strerror(code))
        return switch code {
        case EACCES, EPERM: "\(words); add the user to the group dialout, or install the udev rules"
        case ENOENT: "\(words); is the transceiver plugged in?"
        case ENODEV, ENXIO: "\(words); the device is being removed, or has no driver"
        case EMFILE, ENFILE: "\(words); raise the limit of open files (LimitNOFILE=)"
        default: words
        }
    }
}
