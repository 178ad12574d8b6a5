import Foundation
import NIOCore
import Recharge
import SerialPorts

/// The world's hands and clock, confined to one event loop.
final class PoolShell {
    struct Port {
        /// Of this plugging: events of an earlier one are dropped.
        let id: Int
        let port: SerialPort
        let terminal: PseudoTerminal
    }

    private var world: SimulatedWorld
    private var ports: [Int: Port] = [:]
    private var portCount = 0
    /// When the last request of each SIM began to come, in µs since 1970.
    private var dialogues: [ICCID: Int64] = [:]
    private var wakeUp: (due: Timestamp, task: Scheduled<Void>)?
    private let directory: PoolDirectory
    private let ledger: LedgerFile?
    private let loop: any EventLoop
    private let requests: AsyncStream<PortRequest>.Continuation
    private let start: Timestamp
    private let startReading = NIODeadline.now()

    init(
        world: SimulatedWorld,
        start: Timestamp,
        directory: PoolDirectory,
        ledger: LedgerFile?,
        loop: any EventLoop,
        requests: AsyncStream<PortRequest>.Continuation
    ) {
        self.world = world
        self.start = start
        self.directory = directory
        self.ledger = ledger
        self.loop = loop
        self.requests = requests
    }

    static func wallClock() -> Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// Wall time at the start, monotonic from there: a clock that is set does not upset it.
    private var now: Timestamp {
        let elapsed = NIODeadline.now() - startReading
        return start.advanced(by: .nanoseconds(elapsed.nanoseconds))
    }

    /// Puts the first transceivers in, then obeys the script they are mentioned in.
    func begin(_ count: Int, _ lines: [FaultScript.Line]) throws(SimulationError) {
        if count > 0 { feed(.told(FaultScript.Line(.add(count)))) }
        for line in lines {
            // A line for later may mean a transceiver that comes later.
            if line.time == nil, let problem = world.problem(with: line) {
                throw SimulationError("obey the script", directory.path, problem)
            }
            feed(.told(line))
        }
    }

    func feed(_ event: SimulatedWorld.Event) {
        for action in world.handle(event, at: now) {
            switch action {
            case .send(let index, let bytes): ports[index]?.port.write(bytes)
            case .record(let entry): record(entry)
            case .openPort(let index):
                portCount += 1
                requests.yield(.open(index, id: portCount))
            case .closePort(let index): close(index)
            case .suffered: break
            }
        }
        rearm()
    }

    func handle(_ event: SerialPort.Event, _ index: Int, _ id: Int) {
        guard let port = ports[index], port.id == id else { return }
        switch event {
        case .received(let bytes):
            noteDialogue(bytes, index)
            feed(.received(index, bytes))
            port.port.requestBytes()
        case .closed:
            // Nobody read it until it stalled: like a transceiver that resets itself.
            feed(.told(FaultScript.Line(modem: index, .unplugNow)))
            feed(.told(FaultScript.Line(modem: index, .plug)))
        }
    }

    func opened(_ index: Int, _ port: Port) throws(SimulationError) {
        guard world.stations[index - 1].plug == .opening else { return port.port.close() }
        ports[index] = port
        try directory.place(index, at: port.terminal.slavePath)
        feed(.portOpened(index))
        port.port.requestBytes()
    }

    /// Answers one line of the control socket.
    func tell(_ text: String) -> String {
        if text.trimmingPrefix(" ") == "status" { return world.statusJSON(directory) }
        do throws(FaultScriptError) {
            for line in try FaultScript(parsing: text).lines {
                if let problem = world.problem(with: line) { return "error: \(problem)" }
                feed(.told(line))
            }
            return "ok"
        } catch {
            return "error: \(error)"
        }
    }

    func stop() {
        wakeUp?.task.cancel()
        for index in ports.keys.sorted() { close(index) }
        requests.finish()
    }

    /// Notes the moment of a chunk that begins a request to send.
    private func noteDialogue(_ bytes: [UInt8], _ index: Int) {
        guard bytes.starts(with: Self.requestToSend) else { return }
        let iccid = world.stations[index - 1].modem.identity.iccid
        dialogues[iccid] = Int64(Date().timeIntervalSince1970 * 1e6)
    }

    private static let requestToSend = Array("AT+CMGS=".utf8)

    private func record(_ entry: LedgerEntry) {
        var entry = entry
        entry.dialogueAt = dialogues[entry.iccid]
        do throws(SimulationError) {
            try ledger?.append(entry)
        } catch {
            requests.yield(.failed(error))
        }
    }

    private func close(_ index: Int) {
        directory.remove(index)
        ports.removeValue(forKey: index)?.port.close()
    }

    private func rearm() {
        guard let due = world.nextDue else { return }
        if let wakeUp, wakeUp.due <= due { return }
        wakeUp?.task.cancel()
        let delay = max(0, due.milliseconds - now.milliseconds)
        let shell = NIOLoopBound(self, eventLoop: loop)
        wakeUp = (
            due,
            loop.scheduleTask(in: .milliseconds(delay)) {
                shell.value.wakeUp = nil
                shell.value.feed(.timePassed)
            }
        )
    }
}
