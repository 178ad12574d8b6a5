import ControlAPI
import JobStorage
import Recharge

/// What an upload repeats: a file, or rows that were ordered before.
extension ControlService {
    /// Proposes what was sent with `allow_duplicates`, for a second person to approve.
    func vouch(for suspect: Suspect, reason: String, _ call: ControlCall) async throws {
        _ = try await store.vouch(
            for: suspect,
            reason: reason,
            people: approvals(call).people,
            by: call.actor,
            at: now()
        )
    }

    static let allowed = "sent with allow_duplicates"

    /// Refuses a file that is a batch already, or has rows that the client ordered before under the
    /// same reference.
    func refuseRepeats(
        of intake: borrowing BatchIntake,
        _ findings: BatchFindings,
        _ key: NewJob.Key
    ) async throws {
        if let same = try await store.batch(ofFile: findings.digests) {
            guard same.key == key else { throw JobStoreError(repeating: same) }
            return
        }
        var found = FoundRepeats()
        try await intake.handOn { orders in
            let named = orders.filter { $0.reference != nil }
            guard !named.isEmpty else { return }
            found.add(
                try await store.earlierOrders(
                    like: named,
                    batch: key,
                    onlySameReference: true,
                    at: now()
                )
            )
        }
        guard found.count > 0 else { return }
        let rows = found.count == 1 ? "1 row was" : "\(found.count) rows were"
        throw Problem(
            .conflict,
            detail: "nothing was taken: \(rows) ordered before under the same reference: take "
                + "them out, or send the file with --allow-duplicates and let a second person "
                + "approve it",
            mistakes: found.listed,
            mistakesOmitted: found.count - found.listed.count
        )
    }

    /// Tells in a report what of a file was ordered before.
    func tell(
        of intake: borrowing BatchIntake,
        _ findings: BatchFindings,
        _ key: NewJob.Key,
        in report: inout BatchReport
    ) async throws {
        var found = FoundRepeats()
        let same = try await store.batch(ofFile: findings.digests)
        if let same { found.add(same, isUnderKey: same.key == key) }
        if same?.key != key {
            try await intake.handOn { orders in
                found.add(
                    try await store.earlierOrders(
                        like: orders,
                        batch: key,
                        onlySameReference: false,
                        at: now()
                    )
                )
            }
        }
        report.duplicates = found.listed
        report.duplicatesOmitted = found.count - found.listed.count
        report.isRepeat = found.isRefused
    }
}

/// The first of the rows that repeat earlier orders, and how many there are.
private struct FoundRepeats {
    var listed: [Mistake] = []
    var count = 0
    /// Whether it refuses the file: rows that only look like earlier ones are held.
    var isRefused = false

    /// A file that comes again under its key is the same order.
    mutating func add(_ batch: Batch, isUnderKey: Bool) {
        count += 1
        isRefused = !isUnderKey
        listed.append(
            Mistake(
                code: "same_file",
                message: batch.isThisFile.visible,
                cure: isUnderKey
                    ? "it would not be ordered again"
                    : "send it no more, or with --allow-duplicates for a second person to approve"
            )
        )
    }

    mutating func add(_ earlier: [EarlierOrder]) {
        count += earlier.count
        isRefused = isRefused || earlier.contains(where: \.hasSameReference)
        listed += earlier.prefix(Mistake.shownMax - listed.count).map { Mistake($0) }
    }
}

extension Mistake {
    fileprivate init(_ earlier: EarlierOrder) {
        if earlier.hasSameReference {
            self.init(
                field: BatchColumn.reference.rawValue,
                code: BatchFlaw.Kind.duplicateReference.rawValue,
                message: earlier.words.visible,
                cure: "take the row out, or give a new order a new reference"
            )
        } else {
            self.init(
                field: BatchColumn.number.rawValue,
                code: HoldReason.duplicate.rawValue,
                message: "\(earlier.words.visible): the row would be held",
                cure: "take it out; if both are meant, write 2, 3 … in a column repeat"
            )
        }
        line = earlier.line
    }
}
