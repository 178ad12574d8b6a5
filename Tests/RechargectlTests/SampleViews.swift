import ControlAPI
import Recharge

/// Views as the daemon gives them.
enum SampleViews {
    static let start = Timestamp(milliseconds: 1_795_000_000_000)

    static func yuan(_ major: Int64) throws -> Amount {
        Amount(minorUnits: major * 100, currency: try cny())
    }

    static func cny() throws -> Currency {
        guard let currency = Currency(code: "CNY") else { throw SystemFailure("CNY") }
        return currency
    }

    static func batch(
        _ counts: [JobState: Int],
        state: Batch.State = .open
    ) throws -> BatchView {
        let rows = counts.values.reduce(0, +)
        let batch = Batch(
            id: Batch.ID(7),
            key: NewJob.Key(client: "uid:0", key: "k"),
            name: "orders.csv",
            state: state,
            rowCount: rows,
            amountSum: try yuan(Int64(rows) * 50),
            createdAt: start,
            createdBy: "root",
            counts: counts
        )
        return BatchView(batch, at: start.advanced(by: .seconds(60)))
    }

    static func job(
        _ state: JobState,
        line: Int = 2,
        reason: String? = nil
    ) throws -> JobView {
        guard let carrier = CarrierID("simulated"), let number = PhoneNumber(e164: "+8613800138000")
        else { throw SystemFailure("samples") }
        var job = Job(
            id: Job.ID(42),
            order: NewJob(
                key: NewJob.Key(client: "uid:0", key: "k"),
                carrier: carrier,
                number: number,
                numberAsSubmitted: "13800138000",
                amount: try yuan(50)
            ),
            state: state,
            at: start
        )
        job.order.batchLine = line
        job.reason = reason
        job.serial = state == .succeeded ? "S0001" : nil
        return JobView(job)
    }

    static func stats(hold: String? = nil) -> StatsView {
        var stats = StatsView(version: "0.1.0", practice: false, startedAt: start, at: start)
        stats.jobs = ["succeeded": 3, "unknown": 1]
        stats.hold = hold
        return stats
    }
}
