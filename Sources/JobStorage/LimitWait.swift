import GRDB
package import Recharge

/// The limit that keeps a ready job waiting.
package struct LimitWait: Hashable, Sendable {
    /// When its window ends, and the job may go on.
    package var until: Timestamp
    /// The limit and its figures, for people.
    package var words: String
}

/// A claim finds the same, but for one SIM, and writes down what it counted; this is for a reader.
extension LimitWait {
    /// Of the limits that keep a ready job back the one that does so longest.
    static func find(
        _ id: Job.ID,
        _ terms: UseTerms,
        _ db: Database,
        at now: Timestamp
    ) throws -> LimitWait? {
        guard let job = try Job.find(id, db), job.state == .ready, job.order.reversal == nil
        else { return nil }
        let overrides = try LimitOverrides.load(db)
        func wait(_ owners: [(UseScope, String)]) throws -> LimitWait? {
            let windows = owners.flatMap { terms.windows($0.0, $0.1, overrides, at: now) }
            var found: LimitWait?
            for window in windows where found.map({ $0.until < window.ends }) ?? true {
                let used = try WindowUse.kept(window, db) ?? WindowUse.counted(window, db)
                guard window.isPassed(by: job.order.amount.minorUnits, after: used) else {
                    continue
                }
                let words = window.words(job.order.amount, after: used)
                found = LimitWait(until: window.ends, words: words)
            }
            return found
        }
        let isWaived = try Bool.fetchOne(
            db,
            sql: "SELECT limits_waived FROM job WHERE id = ?",
            arguments: [id.rawValue]
        )
        var owners = [(UseScope.carrier, job.order.carrier.name), (.global, "")]
        if isWaived == false {
            owners += [(.number, job.order.number.e164), (.client, job.order.key.client)]
        }
        if let found = try wait(owners) { return found }
        // One SIM that has room is enough; of those that have none the first to have it counts.
        let sims = try String.fetchAll(
            db,
            sql: "SELECT iccid FROM sim WHERE carrier = ? AND state = 'enabled'",
            arguments: [job.order.carrier.name]
        )
        let waits = try sims.map { try wait([(.sim, $0)]) }
        return waits.contains(nil) ? nil : waits.compactMap(\.self).min { $0.until < $1.until }
    }
}
