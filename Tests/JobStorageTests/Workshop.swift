import Recharge
import TestSupport

@testable import JobStorage

/// A store on a folder of its own, and short words for what a SIM does with it.
final class Workshop {
    let folder: TemporaryFolder
    private(set) var store: SQLiteJobStore
    let start = Samples.midnight

    init(freeBytes: @escaping @Sendable (String) -> Int64? = { _ in .max }) throws {
        folder = try TemporaryFolder()
        store = try SQLiteJobStore.open(
            folder: folder.path("state"),
            at: Samples.midnight,
            freeBytes: freeBytes
        )
    }

    /// What a restart does, at a moment.
    func reopen(at now: Timestamp = Samples.midnight) throws {
        try store.close()
        store = try SQLiteJobStore.open(folder: folder.path("state"), at: now)
    }

    @discardableResult
    func admit(
        _ sim: Int,
        enrolment: Enrolment = .open,
        imei: Int = 1,
        floatLow: Amount? = nil,
        driftMax: Amount? = nil,
        currency: Currency? = nil
    ) async throws -> SIMAdmission {
        var sighting = SIMSighting(
            iccid: try Samples.iccid(sim),
            imsi: nil,
            imei: try Samples.imei(imei),
            carrier: try Samples.carrier(),
            port: "port\(sim)"
        )
        sighting.floatLow = floatLow
        sighting.driftMax = driftMax
        sighting.currency = currency
        return try await store.admit(sighting, enrolment: enrolment, at: start)
    }

    /// The carrier's word on the float of a SIM.
    func report(_ sim: Int, _ balance: Amount) async throws {
        let report = FloatReport(
            sim: try Samples.iccid(sim),
            balance: balance,
            messages: [],
            inquiry: nil,
            isCurrent: true
        )
        try await store.report(report, at: start)
    }

    /// Books money paid into the float of SIM 1.
    func payIn(_ amount: Amount) async throws {
        try await store.topUp(
            try Samples.iccid(1),
            amount,
            key: nil,
            reason: "paid in",
            by: .gateway,
            at: start
        )
    }

    @discardableResult
    func submit(_ order: NewJob, at now: Timestamp = Samples.midnight) async throws -> Job {
        try await store.submit(order, by: .gateway, at: now).job
    }

    func claim(
        _ sim: Int,
        _ limits: SIMLimits = .unlimited,
        uses: ClaimUses = .none,
        after delay: Duration = .zero
    ) async throws -> ClaimAnswer {
        let request = ClaimRequest(
            sim: try Samples.iccid(sim),
            carrier: try Samples.carrier(),
            limits: limits,
            uses: uses,
            dayBegan: start,
            dayEnds: start.advanced(by: .seconds(86_400)),
            lease: .seconds(60)
        )
        return try await store.claim(request, at: start.advanced(by: delay))
    }

    /// The job that a SIM gets; nil when it gets none.
    func take(
        _ sim: Int,
        _ limits: SIMLimits = .unlimited,
        uses: ClaimUses = .none,
        after delay: Duration = .zero
    ) async throws -> Job? {
        guard case .claimed(let job) = try await claim(sim, limits, uses: uses, after: delay) else {
            return nil
        }
        return job
    }

    @discardableResult
    func arm(
        _ job: Job,
        _ sim: Int,
        balance: Amount? = nil,
        after delay: Duration = .zero
    ) async throws -> Attempt {
        let arming = Arming(
            job: job.id,
            sim: try Samples.iccid(sim),
            redactedRequest: "CZ*******",
            balanceBefore: balance,
            fenceUntil: start.advanced(by: .seconds(900))
        )
        return try await store.arm(arming, at: start.advanced(by: delay))
    }

    /// Takes the next job of a SIM and arms it.
    func takeAndArm(
        _ sim: Int,
        _ limits: SIMLimits = .unlimited,
        uses: ClaimUses = .none,
        balance: Amount? = nil,
        after delay: Duration = .zero
    ) async throws -> Attempt {
        guard let job = try await take(sim, limits, uses: uses, after: delay) else {
            throw NoJob(sim: sim)
        }
        return try await arm(job, sim, balance: balance, after: delay)
    }

    @discardableResult
    func settle(
        _ attempt: Attempt,
        _ ending: Settlement.Ending,
        _ evidence: [Evidence],
        balance: Amount? = nil,
        after delay: Duration = .zero
    ) async throws -> JobState {
        let settlement = Settlement(
            attempt: attempt.id,
            ending: ending,
            evidence: evidence,
            reason: "answer",
            balance: balance
        )
        return try await store.settle(settlement, at: start.advanced(by: delay))
    }

    @discardableResult
    func succeed(
        _ attempt: Attempt,
        serial: String? = nil,
        balance: Amount? = nil
    ) async throws -> JobState {
        try await settle(
            attempt,
            .success(serial: serial),
            [Workshop.evidence(.success, raw: Array("serial \(serial ?? "none")".utf8))],
            balance: balance
        )
    }

    @discardableResult
    func refuse(
        _ attempt: Attempt,
        _ following: Settlement.Following = .fail
    ) async throws -> JobState {
        try await settle(attempt, .notExecuted(following), [Workshop.evidence(.notExecuted)])
    }

    /// Stages and opens a batch of orders numbered from a first one.
    @discardableResult
    func batch(_ key: String, first: Int, count: Int) async throws -> Batch.ID {
        let batch = try Workshop.newBatch(key, count: count)
        guard case .stage(let id) = try await store.begin(batch, by: .gateway, at: start) else {
            throw NoJob(sim: 0)
        }
        try await store.stage(Workshop.rows(first: first, count: count), in: id, at: start)
        _ = try await store.open(id, by: .gateway, at: start)
        return id
    }

    static func newBatch(_ key: String, count: Int) throws -> NewBatch {
        NewBatch(
            key: NewJob.Key(client: Samples.client, key: key),
            name: "\(key).csv",
            bodyDigest: Array("\(key)".utf8),
            rowCount: count,
            amountSum: try Samples.yuan(Int64(10 * count))
        )
    }

    static func rows(first: Int, count: Int) throws -> [NewJob] {
        try (0..<count).map { try Samples.order(first + $0, batchLine: $0 + 2) }
    }

    static func evidence(_ verdict: Evidence.Verdict, raw: [UInt8] = [1]) -> Evidence {
        Evidence(kind: .sms, raw: raw, parsed: "rule=test", grade: .answer, verdict: verdict)
    }

    /// A test expected a job and there was none.
    struct NoJob: Error {
        var sim: Int
    }
}
