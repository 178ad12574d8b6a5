import ControlAPI
import Synchronization

/// How many uploads are under way: each takes memory and disk while it lasts.
///
/// An atomic number, because an actor would run the uploads one after the other.
final class UploadSlots: Sendable {
    static let countMax = 4

    private let taken = Atomic(0)

    /// Runs an upload in a slot; refuses it when all are taken.
    func with<Answer>(_ upload: () async throws -> Answer) async throws -> Answer {
        let before = taken.add(1, ordering: .relaxed).oldValue
        defer { taken.subtract(1, ordering: .relaxed) }
        guard before < UploadSlots.countMax else {
            throw Problem(
                .tooBusy,
                detail: "\(UploadSlots.countMax) files are being uploaded: wait for one to end"
            )
        }
        return try await upload()
    }
}
