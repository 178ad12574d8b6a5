package import Recharge

/// Something that happened, such as `job.settled` or `sim.joined`.
///
/// It never holds a phone number: the chain of events must survive the erasure of numbers.
package struct NewEvent: Hashable, Sendable {
    package var kind: String
    package var job: Job.ID?
    /// Flat, ordered details; written as a JSON object.
    package var details: [Detail]

    /// One detail of an event.
    package struct Detail: Hashable, Sendable {
        package var key: String
        package var value: String

        package init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    package init(kind: String, job: Job.ID? = nil, details: [Detail] = []) {
        self.kind = kind
        self.job = job
        self.details = details
    }
}
