package import Recharge

/// A batch whose file was read to its end and found good.
package struct NewBatch: Hashable, Sendable {
    package var key: NewJob.Key
    /// What people call it: the file's name.
    package var name: String
    /// SHA-256 of the file, and of what it means beside its octets.
    package var bodyDigest: [UInt8]
    /// Of the same file, under which it may have been taken before.
    package var otherDigests: [[UInt8]] = []
    package var rowCount: Int
    package var amountSum: Amount
    /// Whether its sender says that all of it is meant, though file or rows look like duplicates.
    package var allowsDuplicates = false

    package init(
        key: NewJob.Key,
        name: String,
        bodyDigest: [UInt8],
        rowCount: Int,
        amountSum: Amount
    ) {
        self.key = key
        self.name = name
        self.bodyDigest = bodyDigest
        self.rowCount = rowCount
        self.amountSum = amountSum
    }
}

/// What `JobStore/begin(_:by:at:)` found.
package enum BatchStart: Hashable, Sendable {
    /// New, or left in staging by a crash: stage all rows, then open it.
    case stage(Batch.ID)
    /// Opened before under the same key with the same body.
    case known(Batch)
}
