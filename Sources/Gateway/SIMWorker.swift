import Engine
import JobStorage
import Logging
import NIOCore
import Recharge
import SerialPorts

/// The task of one transceiver: it feeds its machine and performs what the machine says.
///
/// Store calls are awaited in place, because the next action depends on them; while one is at work
/// the line is not read, so nothing can overtake it. Everything else is started and comes back as
/// mail.
struct SIMWorker {
    /// Whom the worker asks and tells about its SIM.
    struct Reports: Sendable {
        /// Whether a SIM may work here, and with what.
        var assign: @Sendable (Transceiver) async throws -> SIMAssignment
        var changed: @Sendable (SIMWorkerMachine.Activity, Job.ID?) async -> Void
        var observed: @Sendable (_ signal: Int?, _ isRegistered: Bool?) async -> Void
    }

    let path: String
    let settings: SerialSettings
    let eventLoop: any EventLoop
    let durable: DurableActions
    let time: Time
    let mailbox: WorkerMailbox
    let reports: Reports
    private var machine: SIMWorkerMachine
    private var timer: DeadlineTimer
    private var sim: ICCID?
    private var ending: String?

    init(
        path: String,
        settings: SerialSettings,
        eventLoop: any EventLoop,
        store: any JobStore,
        time: Time,
        mailbox: WorkerMailbox,
        reports: Reports,
        logger: Logger
    ) {
        self.path = path
        self.settings = settings
        self.eventLoop = eventLoop
        durable = DurableActions(store: store, logger: logger)
        self.time = time
        self.mailbox = mailbox
        self.reports = reports
        machine = SIMWorkerMachine(seed: .random(in: 0 ... .max))
        timer = DeadlineTimer(on: eventLoop, mailbox: mailbox)
    }

    /// Opens the port and works until it ends; returns why it ended.
    ///
    /// Throws only when the store has stopped: then nothing may go on.
    mutating func run() async throws -> String {
        let port: SerialPort
        do {
            port = try await SerialPort.open(
                path: path,
                settings: settings,
                on: eventLoop,
                onEvent: { [mailbox] event in mailbox.post(.line(event)) }
            )
        } catch {
            return String(describing: error)
        }
        defer {
            timer.cancel()
            port.close()
        }
        port.requestBytes()
        do {
            try await work(port)
        } catch {
            // Its leased job is given back and its armed one becomes unknown, whatever broke.
            try await leave(because: "the worker broke off: \(error)")
            throw error
        }
        try await leave(because: ending ?? "cancelled")
        return ending ?? "cancelled"
    }

    private mutating func work(_ port: SerialPort) async throws {
        try await take(.opened, port)
        for await mail in mailbox.mails {
            try await deliver(mail, port)
            if ending != nil { return }
        }
    }

    private func leave(because reason: String) async throws {
        guard let sim else { return }
        try await durable.store.depart(sim, reason: reason, at: time.utc())
    }

    private mutating func deliver(
        _ mail: WorkerMailbox.Mail,
        _ port: SerialPort
    ) async throws {
        switch mail {
        case .line(.received(let bytes)):
            try await take(.received(bytes), port)
            port.requestBytes()
        case .line(.closed(let error)):
            let reason = error.map(String.init(describing:)) ?? "the port was closed"
            try await take(.linkLost(reason), port)
        case .deadline:
            timer.fired()
            try await take(.deadlinePassed, port)
        case .woken: try await take(.woken, port)
        case .stopping: try await take(.stopping, port)
        }
    }

    /// Runs the machine until the event and all that follows from it at once is done.
    private mutating func take(
        _ event: SIMWorkerMachine.Event,
        _ port: SerialPort
    ) async throws {
        var events = [event]
        while !events.isEmpty {
            let next = events.removeFirst()
            for action in machine.handle(next, at: time.moment) {
                if let outcome = try await perform(action, port) { events.append(outcome) }
            }
        }
    }

    private mutating func perform(
        _ action: SIMWorkerMachine.Action,
        _ port: SerialPort
    ) async throws -> SIMWorkerMachine.Event? {
        switch action {
        case .write(let bytes): port.write(bytes)
        case .wakeUp(let instant): timer.set(instant)
        case .identified(let transceiver): return try await assign(transceiver)
        case .claim, .release, .arm, .settle, .ask, .conclude, .reportFloat, .file, .keep,
            .pauseSIM:
            return try await durable.perform(action, for: sim, at: time.utc())
        case .report(let activity, let job): await reports.changed(activity, job)
        case .observed(let signal, let isRegistered):
            await reports.observed(signal, isRegistered)
        case .finish(let reason): ending = reason
        }
        return nil
    }

    private mutating func assign(
        _ transceiver: Transceiver
    ) async throws -> SIMWorkerMachine.Event {
        switch try await reports.assign(transceiver) {
        case .admitted(let assignment):
            sim = transceiver.iccid
            return .admitted(assignment)
        case .rejected(let reason): return .rejected(reason)
        }
    }
}

/// Whether a SIM may work in the transceiver it was seen in.
enum SIMAssignment: Sendable {
    case admitted(SIMWorkerMachine.Assignment)
    case rejected(String)
}
