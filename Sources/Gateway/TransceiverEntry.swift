import Engine
import ModemDiscovery
import Recharge

/// What the supervisor knows of one transceiver.
struct TransceiverEntry {
    /// The USB device's path, or the port's where there is none.
    typealias ID = String

    /// All ports of the device; one of them speaks AT.
    var ports: [DiscoveredPort]
    var status: ModemStatus
    /// Present while a worker runs.
    var mailbox: WorkerMailbox?
    var activity: SIMWorkerMachine.Activity?
    var job: Job.ID?
    private var lastReason: String?
    /// How many runs found no SIM behind their port.
    private var misses = 0

    init(port: DiscoveredPort, since: Timestamp) {
        ports = [port]
        status = ModemStatus(port: port.path, phase: .opening, since: since)
    }

    /// Whether more ports of the same transceiver may follow.
    var isComposite: Bool { ports.contains { $0.transceiver != $0.path } }

    func has(_ path: String) -> Bool { ports.contains { $0.path == path } }

    /// The port to try, beginning with the likeliest: the next one when no SIM was found behind it.
    var candidate: DiscoveredPort? {
        let preferred = ATPortChoice.preferred(among: ports)
        return preferred.isEmpty ? nil : preferred[misses % preferred.count]
    }

    mutating func began(on port: DiscoveredPort, _ mailbox: WorkerMailbox, at now: Timestamp) {
        self.mailbox = mailbox
        status = ModemStatus(port: port.path, phase: .identifying, since: now)
        activity = nil
        job = nil
    }

    mutating func identified(_ transceiver: Transceiver) {
        status.iccid = transceiver.iccid
        status.imei = transceiver.imei
        status.manufacturer = transceiver.manufacturer
        status.model = transceiver.model
        status.revision = transceiver.revision
    }

    /// Notes why its worker ended; false when the one before ended for the same reason.
    mutating func failed(because reason: String) -> Bool {
        defer { lastReason = reason }
        return lastReason != reason
    }

    /// Takes what its worker does; a SIM in quarantine gets no order, so one that may was enrolled.
    mutating func changed(_ activity: SIMWorkerMachine.Activity, _ job: Job.ID?) {
        self.activity = activity
        self.job = job
        switch activity {
        case .idle, .limited, .sending, .awaitingAnswer:
            if status.phase == .quarantined { status.phase = .working }
        case .asking, .stopped: break
        }
    }

    mutating func ended() {
        if status.iccid == nil { misses += 1 }
        mailbox = nil
        activity = nil
        job = nil
    }

    /// What the SIM's worker does, once there is a SIM at work.
    var workerStatus: WorkerStatus? {
        guard let iccid = status.iccid, mailbox != nil else { return nil }
        let word: WorkerStatus.Activity =
            switch activity {
            case nil: .starting
            case .idle: .idle
            case .limited(.fenced): .fenced
            case .limited: .limited
            case .sending: .sending
            case .awaitingAnswer: .awaitingAnswer
            case .asking: .asking
            case .stopped: .stopped
            }
        return WorkerStatus(iccid: iccid, port: status.port, activity: word, job: job)
    }
}
