/// The last event of the chain, to be noted outside the database.
package struct ChainHead: Hashable, Sendable {
    package var sequence: Int64
    package var hash: [UInt8]

    package init(sequence: Int64, hash: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
    }
}

/// What a walk along the chain of events came to.
package struct ChainReport: Hashable, Sendable {
    /// A break, and the number of the event where it is.
    package struct Finding: Hashable, Sendable {
        package var sequence: Int64
        package var text: String
    }

    /// The most findings that are told.
    static let findingsMax = 20

    package var events = 0
    package var head = ChainHead(sequence: 0, hash: [UInt8](repeating: 0, count: 32))
    /// Empty when every link holds.
    package var findings: [Finding] = []

    mutating func add(_ sequence: Int64, _ text: String) {
        guard findings.count < ChainReport.findingsMax else { return }
        findings.append(Finding(sequence: sequence, text: text))
    }
}
