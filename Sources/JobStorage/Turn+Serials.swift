import GRDB
import Recharge

/// The carrier's serial numbers, each of which names one charge.
extension Turn {
    /// The job that a serial number is on, as a proof or as a success that came late.
    ///
    /// An attempt that bears it itself may be left out.
    func jobID(
        withSerial serial: String,
        carrier: String,
        besides attempt: Attempt.ID? = nil
    ) throws -> Job.ID? {
        try integer(
            """
            SELECT job_id FROM attempt
            WHERE carrier = ?1 AND serial = ?2 AND serial IS NOT NULL AND id IS NOT ?3
            UNION ALL SELECT job_id FROM attempt
            WHERE carrier = ?1 AND late_serial = ?2 AND late_serial IS NOT NULL AND id IS NOT ?3
            LIMIT 1
            """,
            carrier,
            serial,
            attempt?.rawValue
        ).map { Job.ID($0) }
    }

    /// Notes the serial number of a success that came for an attempt closed as not executed, so
    /// that it proves no other one; the first stays.
    func noteLate(_ serial: String, of attempt: Attempt.ID) throws {
        try run(
            """
            UPDATE attempt SET late_serial = ?
            WHERE id = ? AND outcome = 'not_executed' AND late_serial IS NULL
            """,
            serial,
            attempt.rawValue
        )
    }
}
