import ControlAPI
import Recharge
import TestSupport

/// One value of each type of the wire, with every optional member set.
enum WireSamples {
    static func all() throws -> [String: any Encodable] {
        let now = Samples.midnight
        var order = JobOrder(number: "1", amount: "1", carrier: "c")
        (order.amountMinor, order.currency, order.reference, order.note) = (1, "CNY", "r", "n")
        (order.priority, order.notBefore, order.deadline, order.repeat) = (1, now, now, 2)
        let mistake = Mistake(
            line: 1,
            column: 1,
            field: "f",
            code: "c",
            value: "v",
            message: "m",
            cure: "c"
        )
        var problem = Problem(.conflict, detail: "d", mistakes: [mistake], mistakesOmitted: 0)
        problem.instance = "/"
        let batch = try batch()
        let forecast = CarrierForecast(
            carrier: try Samples.carrier(),
            rows: 1,
            sum: Money(try Samples.yuan(1)),
            sims: 1,
            floatKnownMinor: 1,
            floatUnknownSims: 0,
            secondsPerJob: 1
        )
        return [
            "JobOrder": order, "ReasonBody": ReasonBody(reason: "r"),
            "VerifyBody": VerifyBody(digest: "d", reason: "r"), "Mistake": mistake,
            "Problem": problem, "BatchView": batch, "CarrierForecast": forecast,
            "BatchReceipt": BatchReceipt(batch: batch),
            "BatchReport": BatchReport(
                rows: 1,
                refusedRows: 0,
                sum: Money(try Samples.yuan(1)),
                mistakes: [],
                mistakesOmitted: 0,
                carriers: [forecast]
            ),
            "Money": Money(try Samples.yuan(1)), "HoldView": HoldView(hold: true, reason: "r"),
            "HealthView": HealthView(status: "alive"),
            "EventView": EventView(
                sequence: 1,
                at: now,
                actor: "a",
                kind: "k",
                job: Job.ID(1),
                details: [:]
            ),
        ].merging(try jobs()) { _, last in last }.merging(try stations()) { _, last in last }
            .merging(try desk()) { _, last in last }
            .merging(try upkeep()) { _, last in last }
    }

    private static func upkeep() throws -> [String: any Encodable] {
        let yuan = try Samples.yuan(1)
        var float = FloatStanding(
            sim: try Samples.iccid(1),
            carrier: try Samples.carrier(),
            confirmed: yuan,
            reserved: yuan,
            drift: yuan,
            isLow: true
        )
        (float.openedAt, float.reported, float.reportedAt, float.low) =
            (Samples.midnight, yuan, Samples.midnight, yuan)
        let movement = Movement(
            id: 1,
            sim: float.sim,
            at: Samples.midnight,
            kind: .capture,
            amount: yuan,
            attempt: Attempt.ID(1),
            reason: "r",
            actor: "a"
        )
        let books = BooksView(sims: 1, movements: 1, findings: [])
        let audit = AuditView(events: 1, headSequence: 1, headHash: "00", findings: [])
        return [
            "FloatView": FloatView(float), "MovementView": MovementView(movement),
            "TopUpBody": TopUpBody(amount: "1", amountMinor: 100, reason: "r"),
            "BooksView": books, "AuditView": audit,
            "VerificationView": VerificationView(books: books, audit: audit, integrity: []),
            "ErasureBody": ErasureBody(number: "1", reason: "r"),
            "ErasureView": ErasureView(jobs: 1, messages: 1, kept: 0),
            "ReleasedView": ReleasedView(released: 1),
        ]
    }

    private static func batch() throws -> BatchView {
        var batch = Batch(
            id: .init(1),
            key: .init(client: "c", key: "k"),
            name: "n",
            state: .open,
            rowCount: 1,
            amountSum: try Samples.yuan(1),
            createdAt: Samples.midnight,
            createdBy: "a",
            counts: [.succeeded: 1]
        )
        (batch.allowsDuplicates, batch.proposal) = (true, .init(1))
        return BatchView(batch, at: Samples.midnight.advanced(by: .seconds(60)))
    }

    static func jobs() throws -> [String: any Encodable] {
        let now = Samples.midnight
        var order = try Samples.order(1, batchLine: 2)
        (order.reference, order.note, order.notBefore, order.deadline) = ("r", "n", now, now)
        var job = Job(id: Job.ID(1), order: order, state: .held, at: now)
        (job.holdReason, job.batch, job.finishedAt) = (.duplicate, .init(1), now)
        (job.sim, job.serial, job.reason) = (try Samples.iccid(1), "s", "r")
        (job.order.repeatIndex, job.order.allowsDuplicates, job.proposal) = (2, true, .init(1))
        job.order.reversal = .init(job: Job.ID(2), serial: "s", sim: try Samples.iccid(1))
        let evidence = Evidence(
            kind: .sms,
            raw: [],
            parsed: "",
            grade: .answer,
            verdict: .success,
            sentAt: now
        )
        var attempt = AttemptView(
            Attempt(
                id: .init(1),
                job: job.id,
                ordinal: 1,
                sim: try Samples.iccid(1),
                number: order.number,
                amount: order.amount,
                armedAt: now,
                balanceBefore: order.amount,
                outcome: .success
            ),
            evidence: [evidence]
        )
        (attempt.outcomeAt, attempt.serial, attempt.messageReference) = (now, "s", 1)
        (attempt.balanceAfter, attempt.decidedBy) = (Money(order.amount), "a")
        var piece = EvidenceView(evidence)
        piece.at = now
        var detail = JobDetail(job: JobView(job), attempts: [attempt])
        detail.goesOnAt = now
        return [
            "JobView": JobView(job), "AttemptView": attempt,
            "JobDetail": detail,
            "EvidenceView": piece,
        ]
    }

    private static func stations() throws -> [String: any Encodable] {
        let now = Samples.midnight
        var sim = SIM(iccid: try Samples.iccid(1), carrier: try Samples.carrier(), state: .paused)
        (sim.label, sim.stateReason) = ("l", "r")
        (sim.balance, sim.fencedUntil) = (try Samples.yuan(1), now)
        var simView = SIMView(sim)
        (simView.port, simView.activity, simView.job) = ("p", "idle", Job.ID(1))
        (simView.proposal, simView.behindRestore) = (.init(1), true)
        var modem = ModemView(port: "p", phase: .failed, since: now)
        (modem.reason, modem.manufacturer, modem.model, modem.revision) = ("r", "m", "m", "r")
        (modem.imei, modem.iccid) = (try Samples.imei(1), try Samples.iccid(1))
        (modem.signalDbm, modem.isRegistered) = (-70, true)
        let limits = SIMLimits(perMinute: 1, perDayCount: 1, perDayMinorUnits: 1)
        var stats = StatsView(version: "1", practice: true, startedAt: now, at: now)
        (stats.hold, stats.oldestReadyAt, stats.oldestUnknownAt) = ("h", now, now)
        let message = InboxMessage(
            sim: sim.iccid,
            pdu: "",
            sender: "",
            text: "",
            sentAt: now,
            isRead: true
        )
        var profile = ProfileView(
            id: sim.carrier,
            name: "n",
            isVerified: true,
            currency: "CNY",
            countryCode: "86",
            limits: limits
        )
        profile.digest = "0a"
        profile.verifiedBy = "mei and lan"
        profile.verifiedAt = now
        profile.earlierVerifiedAt = now
        return [
            "SIMView": simView, "ModemView": modem, "StatsView": stats,
            "InboxView": InboxView(id: 1, message, filedAt: now),
            "ProfileView": profile,
        ]
    }
}
