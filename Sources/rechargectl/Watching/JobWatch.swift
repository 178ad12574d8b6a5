import ControlAPI
import Recharge

/// Looks at one job until it is final, or waits for evidence or for a person.
struct JobWatch {
    let id: Job.ID
    let global: GlobalOptions

    func run() async throws -> JobView {
        Interruption.listen()
        defer { Interruption.stopListening() }
        return try await global.withGateway(for: .question) { client in
            while true {
                let detail: JobDetail = try await client.get(ControlPath.job(id))
                if JobWatch.isSettled(detail.job.state) { return detail.job }
                try await Task.sleep(for: BatchWatch.lookEvery)
                guard !Interruption.isRequested else {
                    Console.note(
                        "Stopped waiting; the job goes on. To see it: rechargectl job show \(id)"
                    )
                    throw Ending(.notDone)
                }
            }
        }
    }

    static func isSettled(_ state: JobState) -> Bool {
        state.isFinal || state == .unknown || state == .held
    }
}
