import GRDB
import Recharge

/// Where an attempt stands, as far as settling it needs.
struct AttemptPosition {
    var id: Attempt.ID
    var job: Job.ID
    var sim: Int64
    var carrier: String
    /// Until when the SIM is fenced for it, a reconfirmation included.
    var fenceUntil: Int64
    var dayBegan: Int64
    var armedAt: Int64
    var outcome: Attempt.Outcome?
    var serial: String?
    /// Whether its SIM armed nothing after it: only then do its words tell the float of now.
    var isLatest: Bool
    var isReversal: Bool
    var currency: String
}

extension Turn {
    func attempt(_ id: Attempt.ID) throws -> AttemptPosition {
        let found = try row(
            """
            SELECT attempt.id, job_id, attempt.sim_id, attempt.carrier, \(Attempt.deadAtColumn),
              day_began, armed_at, outcome, attempt.serial,
              NOT EXISTS (SELECT 1 FROM attempt later
                WHERE later.sim_id = attempt.sim_id AND later.id > attempt.id),
              job.kind = 'reversal', job.currency
            FROM attempt JOIN job ON job.id = attempt.job_id WHERE attempt.id = ?
            """,
            id.rawValue
        )
        guard let found else {
            throw JobStoreError(.notFound, "attempt \(id): there is no such attempt")
        }
        var column = ColumnReader(found)
        return AttemptPosition(
            id: Attempt.ID(column.next()),
            job: Job.ID(column.next()),
            sim: column.next(),
            carrier: column.next(),
            fenceUntil: column.next(),
            dayBegan: column.next(),
            armedAt: column.next(),
            outcome: try column.optionalParsed(Attempt.Outcome.init(rawValue:)),
            serial: column.optional(),
            isLatest: column.next(),
            isReversal: column.next(),
            currency: column.next()
        )
    }

    func simID(_ iccid: ICCID) throws -> Int64 {
        guard let id = try integer("SELECT id FROM sim WHERE iccid = ?", iccid.digits) else {
            throw Turn.unknown(iccid)
        }
        return id
    }

    static func unknown(_ iccid: ICCID) -> JobStoreError {
        JobStoreError(.notFound, "SIM \(iccid): never seen; insert it and let its worker join")
    }

    func iccid(ofSIM id: Int64) throws -> ICCID? {
        try row("SELECT iccid FROM sim WHERE id = ?", id).flatMap { ICCID($0[0] as String) }
    }
}
