/// Whether all that is kept agrees with itself.
package struct VerificationView: Codable, Hashable, Sendable {
    package var books: BooksView
    package var audit: AuditView
    /// What is unsound in the database itself.
    package var integrity: [String]

    package init(books: BooksView, audit: AuditView, integrity: [String]) {
        self.books = books
        self.audit = audit
        self.integrity = integrity
    }

    package var findings: [String] { books.findings + audit.findings + integrity }
}

/// Whether the sums of money agree.
package struct BooksView: Codable, Hashable, Sendable {
    package var sims: Int
    package var movements: Int
    /// What does not agree; empty when all is well.
    package var findings: [String]

    package init(sims: Int, movements: Int, findings: [String]) {
        self.sims = sims
        self.movements = movements
        self.findings = findings
    }
}

/// Whether the chain of events is whole.
package struct AuditView: Codable, Hashable, Sendable {
    package var events: Int
    /// The number of the last event.
    package var headSequence: Int64
    /// Its hash in hex: noted elsewhere, it proves later that nothing before it was changed.
    package var headHash: String
    /// What is changed or missing; empty when all is well.
    package var findings: [String]

    package init(events: Int, headSequence: Int64, headHash: String, findings: [String]) {
        self.events = events
        self.headSequence = headSequence
        self.headHash = headHash
        self.findings = findings
    }
}
