/// The body of `POST /v1/erasures`.
package struct ErasureBody: Codable, Hashable, Sendable, ReasonedBody {
    /// The phone number whose traces go.
    package var number: String
    package var reason: String

    package init(number: String, reason: String) {
        self.number = number
        self.reason = reason
    }
}

/// What an erasure came to.
package struct ErasureView: Codable, Hashable, Sendable {
    /// Jobs whose number is erased.
    package var jobs: Int
    /// Messages whose text is blanked.
    package var messages: Int
    /// Jobs left alone because they are not final or in dispute.
    package var kept: Int

    package init(jobs: Int, messages: Int, kept: Int) {
        self.jobs = jobs
        self.messages = messages
        self.kept = kept
    }
}

/// The answer to `POST /v1/restored/release`.
package struct ReleasedView: Codable, Hashable, Sendable {
    package var released: Int

    package init(released: Int) {
        self.released = released
    }
}
