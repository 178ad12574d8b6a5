import Glibc
import NIOPosix
import SerialPorts
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SerialPortTests {
    private static let everyByte = (UInt8.min...UInt8.max).map(\.self)

    @Test func everyByteValuePassesUnchangedInBothDirectionsAndNothingIsEchoed() async throws {
        let terminal = try PseudoTerminal.open()
        let master = try await TestLine.master(of: terminal)
        let line = try await TestLine.open(terminal.slavePath)
        master.port.write(Self.everyByte)
        #expect(await line.receive(256) == Self.everyByte)
        line.port.write(Self.everyByte)
        #expect(await master.receive(256) == Self.everyByte)
        line.port.close()
        master.port.close()
    }

    @Test func manyWritesArriveInOrder() async throws {
        let terminal = try PseudoTerminal.open()
        let master = try await TestLine.master(of: terminal)
        let line = try await TestLine.open(terminal.slavePath)
        var sent: [UInt8] = []
        for index in 0..<500 {
            let bytes = Array("AT+CMGS=\(index)\r".utf8)
            line.port.write(bytes)
            sent += bytes
        }
        #expect(await master.receive(sent.count) == sent)
        line.port.close()
        master.port.close()
    }

    @Test func withoutARequestNothingIsDelivered() async throws {
        let terminal = try PseudoTerminal.open()
        let line = try await TestLine.open(terminal.slavePath)
        let sent = fill(terminal.masterDescriptor)
        #expect(sent > 4096)
        try await line.settle()
        #expect(line.events.isEmpty)

        line.port.requestBytes()
        guard case .received(let chunk) = await line.nextEvent() else {
            Issue.record("a request delivers a chunk")
            return
        }
        try await line.settle()
        #expect(line.events.count == 1)

        #expect(await line.receive(sent - chunk.count).count == sent - chunk.count)
        line.port.close()
        #expect(await line.ending() == .closed(nil))
        close(terminal.masterDescriptor)
    }

    @Test func closingIsReportedOnceHoweverOftenItIsAsked() async throws {
        let terminal = try PseudoTerminal.open()
        let line = try await TestLine.open(terminal.slavePath)
        for _ in 0..<3 { line.port.close() }
        #expect(await line.ending() == .closed(nil))
        line.port.close()
        line.port.requestBytes()
        line.port.write([0x41])
        try await line.settle()
        #expect(line.events == [.closed(nil)])
        close(terminal.masterDescriptor)
    }

    enum Activity: CaseIterable { case idle, reading, writing, readingAndWriting }

    @Test(arguments: Activity.allCases)
    func unpluggingEndsTheLineExactlyOnce(during activity: Activity) async throws {
        let terminal = try PseudoTerminal.open()
        let line = try await TestLine.open(terminal.slavePath)
        if activity == .reading || activity == .readingAndWriting { line.port.requestBytes() }
        if activity == .writing || activity == .readingAndWriting {
            line.port.write([UInt8](repeating: 0x55, count: 60_000))
        }
        try await line.settle()
        close(terminal.masterDescriptor)
        guard case .closed(let error?) = await line.ending() else {
            Issue.record("a lost line has a cause")
            return
        }
        #expect(error.cause == .hungUp)
        #expect(error.description.hasPrefix(terminal.slavePath))
        line.port.write([0x41])
        line.port.close()
        try await line.settle()
        #expect(line.events == [.closed(error)])
    }

    @Test func aLineThatTakesNoBytesIsGivenUp() async throws {
        let terminal = try PseudoTerminal.open()
        let line = try await TestLine.open(terminal.slavePath)
        for _ in 0..<20 { line.port.write([UInt8](repeating: 0x55, count: 16 * 1024)) }
        guard case .closed(let error?) = await line.ending() else {
            Issue.record("a stalled line has a cause")
            return
        }
        #expect(error.cause == .outputStalled)
        try await line.settle()
        #expect(line.events.count == 1)
        close(terminal.masterDescriptor)
    }

    @Test func theMasterOutlivesProgramsThatOpenAndCloseTheTTY() async throws {
        let terminal = try PseudoTerminal.open()
        let master = try await TestLine.master(of: terminal)
        for round in UInt8(0)..<3 {
            let line = try await TestLine.open(terminal.slavePath)
            line.port.write([round])
            #expect(await master.receive(1) == [round])
            line.port.close()
            #expect(await line.ending() == .closed(nil))
        }
        try await master.settle()
        #expect(!master.events.contains { if case .closed = $0 { true } else { false } })
        master.port.close()
    }

    @Test func everyDescriptorIsClosedOnExecAndGoneAfterTheEnd() async throws {
        let terminal = try PseudoTerminal.open()
        let before = descriptors(of: terminal.slavePath)
        let line = try await TestLine.open(terminal.slavePath)
        let during = descriptors(of: terminal.slavePath)
        #expect(during.count > before.count)
        for descriptor in during {
            #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        }
        line.port.close()
        _ = await line.ending()
        try await line.settle()
        #expect(descriptors(of: terminal.slavePath) == before)
        close(terminal.masterDescriptor)
    }

    /// Writes to a non-blocking descriptor until the kernel takes no more; says how much it took.
    private func fill(_ descriptor: CInt) -> Int {
        let block = [UInt8](repeating: 0x2E, count: 1024)
        var total = 0
        while true {
            let count = write(descriptor, block, block.count)
            guard count > 0 else { return total }
            total += count
        }
    }

    private func descriptors(of path: String) -> Set<CInt> {
        Set(
            (CInt(0)..<getdtablesize()).filter { descriptor in
                var target = [CChar](repeating: 0, count: 4096)
                let length = readlink("/proc/self/fd/\(descriptor)", &target, target.count)
                let bytes = target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
                return String(decoding: bytes, as: UTF8.self) == path
            }
        )
    }
}
