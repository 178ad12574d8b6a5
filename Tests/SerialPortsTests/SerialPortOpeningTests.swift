import Glibc
import SerialPorts
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SerialPortOpeningTests {
    @Test func aPortIsHeldByOneOpeningAtATime() async throws {
        let terminal = try PseudoTerminal.open()
        let first = try await TestLine.open(terminal.slavePath)
        let refused = await #expect(throws: SerialPortError.self) {
            try await TestLine.open(terminal.slavePath)
        }
        #expect(refused?.cause == .heldByAnotherProgram)
        #expect(refused?.description.contains(terminal.slavePath) == true)
        first.port.close()
        #expect(await first.ending() == .closed(nil))
        let second = try await TestLine.open(terminal.slavePath)
        second.port.close()
        close(terminal.masterDescriptor)
    }

    @Test(arguments: ["/dev/null", "/etc/passwd"])
    func aFileThatIsNoTerminalIsRefused(path: String) async throws {
        try await expectRefusal(path, .notATerminal, saying: "not a terminal device")
    }

    @Test func aPseudoTerminalIsToldFromAllElse() throws {
        let terminal = try PseudoTerminal.open()
        #expect(PseudoTerminal.isAt(terminal.slavePath))
        close(terminal.masterDescriptor)
        for path in [
            "/dev/null", "/dev/ptmx", "/dev/tty", "/etc/passwd", "/dev", "/dev/ttyMissing9",
        ] {
            #expect(!PseudoTerminal.isAt(path), "\(path)")
        }
    }

    @Test func aMissingPathIsRefused() async throws {
        try await expectRefusal("/dev/ttyMissing9", .system(ENOENT), saying: "plugged in")
    }

    @Test func aFolderIsRefused() async throws {
        try await expectRefusal("/dev", .system(EISDIR), saying: "Is a directory")
    }

    @Test(.enabled(if: geteuid() != 0, "root may open everything"))
    func aPortOfAnotherUserIsRefusedAndTheCureNamesTheGroup() async throws {
        try await expectRefusal("/dev/tty0", .system(EACCES), saying: "group dialout")
    }

    @Test(arguments: [
        (SerialPortError.Cause.system(EACCES), "group dialout"),
        (.system(EMFILE), "LimitNOFILE"),
        (.heldByAnotherProgram, "ModemManager"),
        (.hungUp, "unplugged"),
    ])
    func aMessageNamesThePathTheAttemptAndTheCure(cause: SerialPortError.Cause, cure: String) {
        let error = SerialPortError(path: "/dev/ttyUSB2", operation: .open, cause: cause)
        #expect(error.description.hasPrefix("/dev/ttyUSB2: cannot open: "))
        #expect(error.description.contains(cure))
    }

    @Test(
        arguments: SerialSettings.Baud.allCases,
        SerialSettings.FlowControl.allCases
    )
    func theLineIsRawAndLocalAndKeepsDTR(
        baud: SerialSettings.Baud,
        flowControl: SerialSettings.FlowControl
    ) async throws {
        let terminal = try PseudoTerminal.open()
        try spoil(terminal.masterDescriptor)
        let settings = SerialSettings(baud: baud, flowControl: flowControl)
        let line = try await TestLine.open(terminal.slavePath, settings)
        var found = termios()
        #expect(tcgetattr(terminal.masterDescriptor, &found) == 0)
        #expect(found.c_cflag & tcflag_t(CLOCAL | CREAD) == tcflag_t(CLOCAL | CREAD))
        #expect(found.c_cflag & (tcflag_t(HUPCL) | tcflag_t(CSTOPB)) == 0)
        #expect(found.c_cflag & tcflag_t(CSIZE) == tcflag_t(CS8))
        #expect((found.c_cflag & tcflag_t(CRTSCTS) != 0) == (flowControl == .rtsCts))
        #expect(found.c_lflag & tcflag_t(ICANON | ECHO | ISIG | IEXTEN) == 0)
        #expect(found.c_iflag & tcflag_t(ICRNL | INLCR | IGNCR | IXON | IXOFF | ISTRIP) == 0)
        #expect(found.c_oflag & tcflag_t(OPOST) == 0)
        #expect(found.c_cc.6 == 1, "VMIN")
        #expect(found.c_cc.5 == 0, "VTIME")
        #expect(cfgetospeed(&found) == cfgetispeed(&found))
        #expect(speeds[cfgetospeed(&found)] == baud)
        line.port.close()
        close(terminal.masterDescriptor)
    }

    @Test func inputFromBeforeTheOpeningIsDiscarded() async throws {
        let terminal = try PseudoTerminal.open()
        let stale = Array("\r\n+CMTI: \"SM\",3\r\n".utf8)
        #expect(write(terminal.masterDescriptor, stale, stale.count) == stale.count)
        let line = try await TestLine.open(terminal.slavePath)
        let fresh = Array("OK".utf8)
        #expect(write(terminal.masterDescriptor, fresh, fresh.count) == fresh.count)
        #expect(await line.receive(2) == fresh)
        line.port.close()
        close(terminal.masterDescriptor)
    }

    /// Sets what a raw line must not have.
    ///
    /// The settings belong to the tty, whichever end sets them.
    private func spoil(_ descriptor: CInt) throws {
        var line = termios()
        #expect(tcgetattr(descriptor, &line) == 0)
        line.c_cflag |= tcflag_t(HUPCL) | tcflag_t(CSTOPB) | tcflag_t(CRTSCTS)
        line.c_lflag |= tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        line.c_iflag |= tcflag_t(ICRNL | IXON | ISTRIP)
        line.c_oflag |= tcflag_t(OPOST | ONLCR)
        try #require(tcsetattr(descriptor, TCSANOW, &line) == 0)
    }

    private let speeds: [speed_t: SerialSettings.Baud] = [
        speed_t(B9600): .bps9600, speed_t(B19200): .bps19200, speed_t(B38400): .bps38400,
        speed_t(B57600): .bps57600, speed_t(B115200): .bps115200, speed_t(B230400): .bps230400,
        speed_t(B460800): .bps460800, speed_t(B921600): .bps921600,
    ]

    private func expectRefusal(
        _ path: String,
        _ cause: SerialPortError.Cause,
        saying words: String
    ) async throws {
        let error = await #expect(throws: SerialPortError.self) { try await TestLine.open(path) }
        #expect(error?.path == path)
        #expect(error?.cause == cause)
        #expect(error?.description.contains(words) == true)
    }
}
