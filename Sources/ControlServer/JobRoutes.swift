import ControlAPI
import Hummingbird
import JobStorage
import Recharge

/// The routes of single jobs.
extension ControlService {
    var jobRoutes: [Route] {
        [
            .post(
                "/v1/jobs",
                .submitter,
                "Order one recharge. One that looks like a duplicate is held.",
                query: [Route.Parameter.allowDuplicates],
                body: .json("JobOrder"),
                answer: .created("JobView"),
                submit
            ),
            .get(
                "/v1/jobs",
                "List jobs, newest first, or by line within a batch.",
                query: [
                    .init(name: "state", purpose: "One state or several, separated by commas."),
                    .init(name: "batch", isNumber: true, purpose: "Only jobs of this batch."),
                    .init(name: "number", purpose: "Only jobs for this phone number."),
                    .init(name: "reference", purpose: "Only jobs with this reference."),
                ] + Route.Parameter.page,
                answer: .json("JobPage"),
                listJobs
            ),
            .get(
                "/v1/jobs/{id}",
                "Show a job with its attempts and their evidence.",
                answer: .json("JobDetail"),
                showJob
            ),
            .post(
                "/v1/jobs/{id}/cancel",
                .operator,
                "Withdraw a job that was not armed.",
                body: .json("ReasonBody"),
                answer: .json("JobView"),
                cancelJob
            ),
            .post(
                "/v1/jobs/{id}/release",
                .operator,
                "Let a held job go; a duplicate takes two people, one over a limit an approver.",
                body: .json("ReasonBody"),
                answer: .json("JobView"),
                releaseJob
            ),
        ]
    }

    @Sendable
    private func submit(_ call: ControlCall) async throws -> Response {
        let key = try call.key()
        let (order, _) = try await call.body(JobOrder.self)
        var job = try await read(order, key: key)
        job.allowsDuplicates = try call.flag("allow_duplicates")
        if let deadline = job.deadline, deadline <= call.at, try await known(job) == nil {
            throw Problem(
                .badOrder,
                detail: "the deadline has passed",
                mistakes: [
                    Mistake(
                        field: "deadline",
                        code: BatchFlaw.Kind.deadlinePassed.rawValue,
                        message: "the deadline has passed",
                        cure: "write a later one, or leave it out"
                    )
                ]
            )
        }
        let submission = try await store.submit(job, by: call.actor, at: call.at)
        var taken = submission.job
        if submission.isNew, taken.holdReason == .duplicate, job.allowsDuplicates {
            try await vouch(for: .job(taken.id), reason: ControlService.allowed, call)
            taken = try await store.job(taken.id) ?? taken
        }
        return try .json(JobView(taken), status: submission.isNew ? .created : .ok)
    }

    /// Reads an order; a repeat is read as it was taken, whoever stands for its profile by now.
    ///
    /// Refused, a client might send elsewhere what is being recharged here.
    private func read(_ order: JobOrder, key: NewJob.Key) async throws -> NewJob {
        let standard = configuration.standardCarrier
        let carriers = try await carriers()
        let reading = OrderReading(carriers: carriers, standard: standard, key: key)
        let isSure = order.carrier != nil || carriers.count == 1
        if isSure, let job = try? reading.job(order) { return job }
        if let job = try await taken(order, carriers, key: key) { return job }
        return try reading.job(order)
    }

    /// Reads an order as the one that was taken with its key; nil where that has taken none.
    ///
    /// One that names no carrier was taken for the usual one, which may be another by now.
    private func taken(
        _ order: JobOrder,
        _ carriers: [CarrierTerms],
        key: NewJob.Key
    ) async throws -> NewJob? {
        let trusted = carriers.map { carrier in
            var carrier = carrier
            carrier.rules.isVerified = true
            return carrier
        }
        var seen: [PhoneNumber: Job?] = [:]
        for carrier in order.carrier == nil ? trusted.map(\.id) : [nil] {
            let reading = OrderReading(carriers: trusted, standard: carrier, key: key)
            guard let job = try? reading.job(order) else { continue }
            if seen[job.number] == nil { seen[job.number] = .some(try await known(job)) }
            guard let known = seen[job.number] ?? nil else { continue }
            if order.carrier != nil || known.order.carrier == carrier { return job }
        }
        return nil
    }

    /// The job that its key has taken: a repeat stays good after its deadline.
    private func known(_ order: NewJob) async throws -> Job? {
        var query = JobQuery(number: order.number, limit: ControlCall.pageMax)
        repeat {
            let page = try await store.jobs(query)
            if let known = page.elements.first(where: { $0.order.key == order.key }) {
                return known
            }
            query.after = page.next
        } while query.after != nil
        return nil
    }

    @Sendable
    private func listJobs(_ call: ControlCall) async throws -> Response {
        var query = JobQuery(after: try call.cursor(), limit: try call.limit())
        query.states = try states(call)
        query.batch = try call.number("batch", in: 1...Int64.max).map { Batch.ID($0) }
        query.reference = call.query("reference")
        if let text = call.query("number") { query.number = try number(text) }
        let page = try await store.jobs(query)
        return try .json(PageView(items: page.elements.map(JobView.init), next: page.next))
    }

    private func states(_ call: ControlCall) throws -> Set<JobState> {
        guard let text = call.query("state"), !text.isEmpty else { return [] }
        let states = try text.split(separator: ",").map { name in
            guard let state = JobState(rawValue: String(name)) else {
                let known = JobState.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(
                    .badRequest,
                    detail: "state=\(String(name).visible): there is no such state; write one of "
                        + known
                )
            }
            return state
        }
        return Set(states)
    }

    /// Reads a number as people write it: in E.164, or as any carrier's plan has it.
    private func number(_ text: String) throws -> PhoneNumber {
        if let number = PhoneNumber(e164: text) { return number }
        for carrier in configuration.carriers {
            if let number = carrier.rules.numbers.number(text) { return number }
        }
        throw Problem(
            .badRequest,
            detail: "number: this is no phone number; write it as +8613800138000"
        )
    }

    @Sendable
    private func showJob(_ call: ControlCall) async throws -> Response {
        let id = try call.jobID()
        guard var dossier = try await store.dossier(of: id) else {
            throw Problem(.notFound, detail: "there is no job \(id)")
        }
        var goesOn = dossier.job.state == .scheduled ? dossier.job.dueAt : nil
        if let cause = try await obstacle(to: dossier.job) {
            dossier.job.reason = cause
        } else if let wait = try await limitWait(of: dossier.job, at: call.at) {
            dossier.job.reason = wait.words
            goesOn = wait.until
        }
        var detail = JobDetail(dossier)
        detail.goesOnAt = goesOn
        return try .json(detail)
    }

    /// Why a ready job is not claimed, where another job for its number is the cause.
    private func obstacle(to job: Job) async throws -> String? {
        guard job.state == .ready else { return nil }
        let query = JobQuery(
            states: [.leased, .armed, .unknown],
            number: job.order.number,
            limit: 1
        )
        guard let other = try await store.jobs(query).elements.first else { return nil }
        return "it waits for job \(other.id) to the same number, which is \(other.state.rawValue)"
    }

    private func knownJob(_ call: ControlCall) async throws -> Job {
        let id = try call.jobID()
        guard let job = try await store.job(id) else {
            throw Problem(.notFound, detail: "there is no job \(id)")
        }
        return job
    }

    @Sendable
    private func cancelJob(_ call: ControlCall) async throws -> Response {
        let id = try call.jobID()
        return try await order(call) { reason in
            JobView(try await store.cancel(id, reason: reason, by: call.actor, at: call.at))
        }
    }

    @Sendable
    private func releaseJob(_ call: ControlCall) async throws -> Response {
        let job = try await knownJob(call)
        let needed = job.holdReason.map(releaseRole) ?? .operator
        guard call.role >= needed else {
            throw Problem(lacking: needed, has: call.role, for: "release job \(job.id)")
        }
        return try await order(call) { reason in
            if job.holdReason == .duplicate {
                try await vouch(for: .job(job.id), reason: reason, call)
                return JobView(try await knownJob(call))
            }
            // Before the body came, the job may have become one that takes another role.
            return JobView(
                try await store.release(
                    job.id,
                    heldFor: job.holdReason,
                    reason: reason,
                    by: call.actor,
                    at: call.at
                )
            )
        }
    }

    private func releaseRole(_ reason: HoldReason) -> Role {
        switch reason {
        case .overLimit, .needsApproval, .restored: .approver
        case .duplicate, .noSIM, .unverifiedProfile, .notOurNumber, .attemptsExhausted,
            .heldByPerson:
            .operator
        }
    }
}
