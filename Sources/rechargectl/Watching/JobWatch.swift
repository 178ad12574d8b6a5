import ControlAPI
import Recharge

/// Looks at one job until it is final, or waits for evidence or for a person.
struct JobWatch {
    let id: Job.ID
    let global: GlobalOptions

    /// Waits out a restart of the daemon.
    func run() async throws -> JobView {
        Interruption.listen()
        defer { Interruption.stopListening() }
        var lastLook = ContinuousClock.now
        while true {
            do {
                return try await look(&lastLook)
            } catch let failure as Failure where failure.status == .unreachable {
                guard ContinuousClock.now - lastLook <= BatchWatch.absenceMax else {
                    Console.note("Job \(id) goes on. To see it: rechargectl job show \(id)")
                    throw failure
                }
                try await rest()
            }
        }
    }

    /// Looks over one connection until the job is settled.
    private func look(_ lastLook: inout ContinuousClock.Instant) async throws -> JobView {
        try await global.withGateway(for: .question) { client in
            while true {
                let detail: JobDetail = try await client.get(ControlPath.job(id))
                lastLook = .now
                if JobWatch.isSettled(detail.job.state) { return detail.job }
                try await rest()
            }
        }
    }

    private func rest() async throws {
        try await Task.sleep(for: BatchWatch.lookEvery)
        guard Interruption.isRequested else { return }
        Console.note("Stopped waiting; the job goes on. To see it: rechargectl job show \(id)")
        throw Ending(.notDone)
    }

    static func isSettled(_ state: JobState) -> Bool {
        state.isFinal || state == .unknown || state == .held
    }
}
