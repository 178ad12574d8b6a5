import GRDB
package import Recharge

/// What an order or a file repeats.
extension SQLiteJobStore {
    package func earlierOrders(
        like orders: [NewJob],
        batch key: NewJob.Key,
        onlySameReference: Bool,
        at now: Timestamp
    ) async throws -> [EarlierOrder] {
        try await pool.read { db in
            let search = try DuplicateSearch(db)
            return try orders.compactMap { order in
                let find = { (window: Duration) in
                    try search.find(like: order, within: window, batch: key.key, at: now)
                }
                if let same = try find(.zero) { return same }
                return onlySameReference ? nil : try find(order.duplicateWindow)
            }
        }
    }

    package func batch(ofFile digests: [[UInt8]]) async throws -> Batch? {
        try await pool.read { try Batch.find(ofFile: digests, $0) }
    }
}
