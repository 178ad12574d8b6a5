import GRDB
import Recharge

extension Job {
    /// What `init(row:)` reads, in its order, of a query on `job`.
    static let columns = """
        job.id, job.client, job.client_key, job.carrier, job.number, job.number_as_submitted,
        job.amount, job.currency, job.reference, job.priority, job.not_before, job.deadline,
        job.note, job.batch_line, (SELECT batch_id FROM lane WHERE lane.id = job.lane_id),
        job.state, job.hold_reason, job.attempts, job.due_at, job.created_at, job.updated_at,
        job.finished_at, (SELECT iccid FROM sim WHERE sim.id = COALESCE(job.sim_id,
          (SELECT sim_id FROM attempt WHERE job_id = job.id ORDER BY n DESC LIMIT 1))),
        job.serial, job.reason, job.reverses_id,
        (SELECT serial FROM attempt
          WHERE job_id = job.reverses_id AND outcome = 'success'),
        (SELECT iccid FROM sim WHERE sim.id = job.only_sim_id), job.repeat,
        job.allows_duplicates, \(openProposal)
        """

    /// The one that waits for a second person; jobs that nobody has to decide about have none.
    private static let openProposal: String = {
        let kinds = Proposal.Kind.allCases.filter(\.isAboutJob).map { "'\($0.rawValue)'" }
        return """
            CASE WHEN job.state IN ('held','unknown','succeeded') THEN (SELECT MAX(id) FROM proposal
              WHERE subject = CAST(job.id AS TEXT) AND state = 'open'
              AND kind IN (\(kinds.joined(separator: ",")))) END
            """
    }()

    init(row: Row) throws {
        var column = ColumnReader(row)
        let id = ID(column.next())
        let key = NewJob.Key(client: column.next(), key: column.next())
        var order = NewJob(
            key: key,
            carrier: try column.parsed(CarrierID.init),
            number: try column.parsed(PhoneNumber.init(e164:)),
            numberAsSubmitted: column.next(),
            amount: try column.amount()
        )
        order.reference = column.optional()
        order.priority = column.next()
        order.notBefore = column.optionalTime()
        order.deadline = column.optionalTime()
        order.note = column.optional()
        order.batchLine = column.optional()
        let batchID: Int64? = column.optional()
        let state = try column.parsed(JobState.init(rawValue:))
        self.init(id: id, order: order, state: state, at: Timestamp(milliseconds: 0))
        batch = batchID.map { Batch.ID($0) }
        holdReason = try column.optionalParsed(HoldReason.init(rawValue:))
        attempts = column.next()
        dueAt = column.time()
        createdAt = column.time()
        updatedAt = column.time()
        finishedAt = column.optionalTime()
        sim = try column.optionalParsed(ICCID.init)
        serial = column.optional()
        reason = column.optional()
        let reversed: Int64? = column.optional()
        let serial: String? = column.optional()
        let only = try column.optionalParsed(ICCID.init)
        if let reversed, let serial, let only {
            self.order.reversal = NewJob.Reversal(job: ID(reversed), serial: serial, sim: only)
        }
        self.order.repeatIndex = column.optional()
        self.order.allowsDuplicates = column.next()
        let proposal: Int64? = column.optional()
        self.proposal = proposal.map { Proposal.ID($0) }
    }

    static func find(_ id: ID, _ db: Database) throws -> Job? {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM job WHERE job.id = ?")
        return try Row.fetchOne(statement, arguments: [id.rawValue]).map(Job.init(row:))
    }
}
