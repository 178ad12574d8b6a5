import ControlAPI
import Gateway
import JobStorage
import Recharge

/// Whether the float suffices for a batch, and how long it will take.
extension ControlService {
    /// How many finished jobs tell how long one takes.
    private static let sampleMax = 20

    func report(_ findings: BatchFindings) async throws -> BatchReport {
        let sims = try await store.sims()
        let working = Set(
            await gateway.workers().filter { $0.activity != .stopped }.map(\.iccid)
        )
        var forecasts: [CarrierForecast] = []
        for (id, share) in findings.shares.sorted(by: { $0.key.name < $1.key.name }) {
            let enabled = sims.filter { $0.carrier == id && $0.state == .enabled }
            let known = enabled.compactMap(\.balance)
            forecasts.append(
                CarrierForecast(
                    carrier: id,
                    rows: share.rows,
                    sum: Money(share.sum),
                    sims: enabled.count { working.contains($0.iccid) },
                    floatKnownMinor: known.reduce(0) { $0 + $1.minorUnits },
                    floatUnknownSims: enabled.count - known.count,
                    secondsPerJob: try await secondsPerJob(id)
                )
            )
        }
        return BatchReport(
            rows: findings.totals.accepted,
            refusedRows: findings.totals.refused,
            sum: findings.totals.sum.map(Money.init),
            mistakes: findings.mistakes,
            mistakesOmitted: findings.mistakesOmitted,
            carriers: forecasts
        )
    }

    /// The slowest of the carrier's gap, its rate and the dialogue, from arming to verdict.
    ///
    /// The dialogue's time is the median of the last jobs that succeeded; before the first one, the
    /// carrier's usual duration.
    private func secondsPerJob(_ carrier: CarrierID) async throws -> Double {
        guard var terms = configuration.carriers.first(where: { $0.id == carrier }) else {
            return 0
        }
        let page = try await store.jobs(
            JobQuery(states: [.succeeded], limit: ControlService.sampleMax)
        )
        var durations: [Duration] = []
        for job in page.elements where job.order.carrier == carrier {
            let armed = try await store.attempts(of: job.id).last?.0.armedAt
            if let armed, let finished = job.finishedAt {
                durations.append(armed.duration(to: finished))
            }
        }
        if !durations.isEmpty { terms.usualDuration = durations.sorted()[durations.count / 2] }
        return terms.secondsPerJob
    }
}
