import NIOCore
import NIOPosix
package import Recharge
import SerialPorts

/// Simulated transceivers as real ttys in a folder, with the centre behind them.
///
/// Everything runs on one event loop; `run` opens ttys as the world asks for them. Closing a tty is
/// pulling a plug: its name disappears and whoever has it open sees a hang-up.
package struct SimulatedPool: Sendable {
    package struct Settings: Sendable {
        package var count = 8
        package var directory: PoolDirectory
        /// Nil: no ledger is kept.
        package var ledgerPath: String?
        package var initialFloat = Amount(minorUnits: 1_000_000, currency: .renminbi)
        package var pin = PIN("123456")
        package var world = SimulatedWorld.Settings()
        package var script = FaultScript(lines: [])

        package init(directory: PoolDirectory) {
            self.directory = directory
        }
    }

    private let settings: Settings

    package init(settings: Settings) {
        self.settings = settings
    }

    /// Runs until it is cancelled, then takes all names away.
    ///
    /// `onReady` is called once, when the first ttys exist and the control socket listens.
    ///
    /// - Throws: `SimulationError` or `SerialPortError`: a folder, a ledger or a tty is lost.
    package func run(onReady: @Sendable () -> Void) async throws {
        try settings.directory.prepare()
        let ledger = try settings.ledgerPath.map { path throws(SimulationError) in
            try LedgerFile(path: path)
        }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (requests, continuation) = AsyncStream<PortRequest>.makeStream()
        let (world, start) = self.world(ledger?.entries ?? [])
        let directory = settings.directory
        let shell = try await loop.submit {
            NIOLoopBound(
                PoolShell(
                    world: world,
                    start: start,
                    directory: directory,
                    ledger: ledger,
                    loop: loop,
                    requests: continuation
                ),
                eventLoop: loop
            )
        }.get()
        let control: any Channel
        do {
            control = try await ControlSocket.bind(directory.controlSocket, on: loop) { line in
                shell.value.tell(line)
            }
        } catch {
            throw SimulationError("listen on", directory.controlSocket, "\(error)")
        }
        do {
            try await serve(requests, shell, on: loop, onReady: onReady)
        } catch {
            try await finish(shell, control, on: loop)
            throw error
        }
        try await finish(shell, control, on: loop)
    }

    private func world(_ entries: [LedgerEntry]) -> (SimulatedWorld, Timestamp) {
        var centre = RechargeCentre(
            initialFloat: settings.initialFloat,
            initialPIN: settings.pin
        )
        centre.resume(after: entries)
        let start = PoolShell.wallClock()
        let world = SimulatedWorld(settings: settings.world, centre: centre, startingAt: start)
        return (world, start)
    }

    private func serve(
        _ requests: AsyncStream<PortRequest>,
        _ shell: NIOLoopBound<PoolShell>,
        on loop: any EventLoop,
        onReady: @Sendable () -> Void
    ) async throws {
        let lines = settings.script.lines
        let count = settings.count
        var left = count
        try await loop.submit {
            try shell.value.begin(count, lines)
        }.get()
        if left == 0 { onReady() }
        for await request in requests {
            switch request {
            case .open(let index, let id):
                try await open(index, id, shell, on: loop)
                left -= 1
                if left == 0 { onReady() }
            case .failed(let error):
                throw error
            }
        }
    }

    private func open(
        _ index: Int,
        _ id: Int,
        _ shell: NIOLoopBound<PoolShell>,
        on loop: any EventLoop
    ) async throws {
        let terminal = try PseudoTerminal.open()
        let port = try await SerialPort.adopt(
            descriptor: terminal.masterDescriptor,
            path: terminal.slavePath,
            on: loop
        ) { event in
            shell.value.handle(event, index, id)
        }
        try await loop.submit {
            try shell.value.opened(index, PoolShell.Port(id: id, port: port, terminal: terminal))
        }.get()
    }

    private func finish(
        _ shell: NIOLoopBound<PoolShell>,
        _ control: any Channel,
        on loop: any EventLoop
    ) async throws {
        try await loop.submit { shell.value.stop() }.get()
        try await control.close().get()
    }
}

/// What the event loop asks the task that runs the pool for.
enum PortRequest: Sendable {
    case open(Int, id: Int)
    case failed(SimulationError)
}
