import Glibc

/// Opens, locks and configures one tty with blocking system calls.
///
/// Nothing here reads or writes the line. A descriptor is returned or an error thrown; never both.
enum TerminalLine {
    /// The locked descriptor of a raw tty, non-blocking and closed on exec, its stale input
    /// discarded.
    static func open(path: String, settings: SerialSettings) throws(SerialPortError) -> CInt {
        let descriptor = Glibc.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            let cause: SerialPortError.Cause =
                code == EBUSY ? .heldByAnotherProgram : .system(code)
            throw SerialPortError(path: path, operation: .open, cause: cause)
        }
        do throws(SerialPortError) {
            try requireTerminal(descriptor, path: path)
            try lock(descriptor, path: path)
            try makeRaw(descriptor, path: path, settings: settings)
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Sets raw mode, rate and flow control, and discards stale input.
    ///
    /// What the driver accepted is not compared with what was asked: drivers of USB modems keep
    /// their own rate and flow control and report success.
    static func makeRaw(
        _ descriptor: CInt,
        path: String,
        settings: SerialSettings
    ) throws(SerialPortError) {
        var line = try currentSettings(descriptor, path: path)
        cfmakeraw(&line)
        line.c_cflag |= tcflag_t(CLOCAL | CREAD)
        // HUPCL would drop DTR at the last close, and many modules reset on that.
        line.c_cflag &= ~(tcflag_t(HUPCL) | tcflag_t(CRTSCTS) | tcflag_t(CSTOPB))
        if settings.flowControl == .rtsCts {
            line.c_cflag |= tcflag_t(CRTSCTS)
        }
        withUnsafeMutableBytes(of: &line.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        guard cfsetspeed(&line, settings.baud.speed) == 0,
            tcsetattr(descriptor, TCSANOW, &line) == 0,
            tcflush(descriptor, TCIFLUSH) == 0
        else {
            throw SerialPortError(path: path, operation: .configure, cause: .system(errno))
        }
    }

    static func currentSettings(_ descriptor: CInt, path: String) throws(SerialPortError) -> termios
    {
        var line = termios()
        guard tcgetattr(descriptor, &line) == 0 else {
            throw SerialPortError(path: path, operation: .configure, cause: .system(errno))
        }
        return line
    }

    /// True for the slave of a Unix98 pseudo-terminal, whose device majors are 136 to 143.
    static func isPseudoTerminal(_ descriptor: CInt) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        let major = (status.st_rdev >> 8) & 0xfff
        return (136...143).contains(major)
    }

    private static func requireTerminal(
        _ descriptor: CInt,
        path: String
    ) throws(SerialPortError) {
        do {
            _ = try currentSettings(descriptor, path: path)
        } catch {
            guard error.cause == .system(ENOTTY) || error.cause == .system(EINVAL) else {
                throw error
            }
            throw SerialPortError(path: path, operation: .open, cause: .notATerminal)
        }
    }

    /// Takes the line for this process: an advisory lock, and the kernel's exclusive mode on real
    /// lines.
    ///
    /// Exclusive mode does not bind root, hence the lock and the question whether someone set it
    /// before. A pseudo-terminal would stay in exclusive mode after its holder is gone, for as long
    /// as its master lives, and refuse every later opening by a user who is not root: the lock
    /// alone guards it.
    private static func lock(_ descriptor: CInt, path: String) throws(SerialPortError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let cause: SerialPortError.Cause =
                code == EWOULDBLOCK ? .heldByAnotherProgram : .system(code)
            throw SerialPortError(path: path, operation: .lock, cause: cause)
        }
        guard !isPseudoTerminal(descriptor) else { return }
        var exclusive: CInt = 0
        if ioctl(descriptor, getExclusiveMode, &exclusive) == 0, exclusive != 0 {
            throw SerialPortError(path: path, operation: .lock, cause: .heldByAnotherProgram)
        }
        guard ioctl(descriptor, UInt(TIOCEXCL)) == 0 else {
            throw SerialPortError(path: path, operation: .lock, cause: .system(errno))
        }
    }

    /// `TIOCGEXCL`, `_IOR('T', 0x40, int)`: a macro that Swift does not import.
    private static let getExclusiveMode: UInt = 0x8004_5440
}
