package import Recharge

/// A transceiver as the gateway sees it now.
package struct ModemStatus: Hashable, Sendable {
    /// How far its port has come.
    package enum Phase: Hashable, Sendable {
        case opening
        case identifying
        /// Its SIM waits for a person to enrol it.
        case quarantined
        case working
        /// Tried again later; the reason names the cure.
        case failed(reason: String)
    }

    package var port: String
    package var phase: Phase
    package var manufacturer: String?
    package var model: String?
    package var revision: String?
    package var imei: IMEI?
    package var iccid: ICCID?
    /// Received signal strength in dBm.
    package var signal: Int?
    package var isRegistered: Bool?
    package var since: Timestamp

    package init(port: String, phase: Phase, since: Timestamp) {
        self.port = port
        self.phase = phase
        self.since = since
    }
}

/// What a SIM's worker does now.
package struct WorkerStatus: Hashable, Sendable {
    /// One word for people and metrics.
    package enum Activity: String, Hashable, Sendable, CaseIterable {
        case starting
        case idle
        case limited
        case sending
        case awaitingAnswer = "awaiting_answer"
        /// Asks the carrier about a job in doubt.
        case asking
        case fenced
        case stopped
    }

    package var iccid: ICCID
    package var port: String
    package var activity: Activity
    package var job: Job.ID?

    package init(iccid: ICCID, port: String, activity: Activity, job: Job.ID?) {
        self.iccid = iccid
        self.port = port
        self.activity = activity
        self.job = job
    }
}

/// What the control socket may ask of the running gateway.
package struct GatewayView: Sendable {
    package var modems: @Sendable () async -> [ModemStatus]
    package var workers: @Sendable () async -> [WorkerStatus]

    package init(
        modems: @escaping @Sendable () async -> [ModemStatus],
        workers: @escaping @Sendable () async -> [WorkerStatus]
    ) {
        self.modems = modems
        self.workers = workers
    }
}
