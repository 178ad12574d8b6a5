import Glibc

/// A pair of connected pseudo-terminal ends: a tty that a program can open, and its master.
///
/// The slave stays open here for the life of this object, so that the master never sees a hang-up
/// while no program has the tty open (a read would fail with `EIO`). Closing the master is pulling
/// the plug: whoever has the tty open sees it hang up, and its path disappears.
package final class PseudoTerminal: Sendable {
    /// Non-blocking; belongs to the caller, who hands it to `SerialPort.adopt` or closes it, once.
    package let masterDescriptor: CInt
    /// Where other programs open the tty: `/dev/pts/N`.
    package let slavePath: String
    private let slaveDescriptor: CInt

    private init(masterDescriptor: CInt, slaveDescriptor: CInt, slavePath: String) {
        self.masterDescriptor = masterDescriptor
        self.slaveDescriptor = slaveDescriptor
        self.slavePath = slavePath
    }

    /// Whether a path leads to a pseudo-terminal, and so to no serial line of a machine.
    ///
    /// The kernel gives the ends that programs open the majors 136 to 143 (Linux,
    /// Documentation/admin-guide/devices.txt).
    package static func isAt(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else { return false }
        return (136...143).contains(status.st_rdev >> 8 & 0xFFF)
    }

    deinit {
        _ = Glibc.close(slaveDescriptor)
    }

    /// Creates a pair whose slave is raw, so that nothing is echoed before a program configures it.
    package static func open() throws(SerialPortError) -> PseudoTerminal {
        var master: CInt = -1
        var slave: CInt = -1
        guard openpty(&master, &slave, nil, nil, nil) == 0 else { throw failure(errno) }
        do throws(SerialPortError) {
            for descriptor in [master, slave] {
                guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw failure(errno) }
            }
            guard fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK) == 0 else { throw failure(errno) }
            let path = try slavePath(slave)
            try TerminalLine.makeRaw(slave, path: path, settings: SerialSettings())
            return PseudoTerminal(
                masterDescriptor: master,
                slaveDescriptor: slave,
                slavePath: path
            )
        } catch {
            _ = Glibc.close(master)
            _ = Glibc.close(slave)
            throw error
        }
    }

    private static func slavePath(_ slave: CInt) throws(SerialPortError) -> String {
        var name = [CChar](repeating: 0, count: Int(PATH_MAX))
        // `ttyname` would share one buffer among threads.
        let code = ttyname_r(slave, &name, name.count)
        guard code == 0 else { throw failure(code) }
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func failure(_ code: CInt) -> SerialPortError {
        SerialPortError(
            path: "/dev/ptmx",
            operation: .createPseudoTerminal,
            cause: .system(code)
        )
    }
}
