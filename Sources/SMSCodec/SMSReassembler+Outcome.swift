extension SMSReassembler {
    /// What a message that arrived amounts to.
    package enum Outcome: Hashable, Sendable {
        case complete(Message)
        /// More parts are needed; `dropped` had to give way and will never be complete.
        case incomplete(have: Int, of: Int, dropped: Partial?)
        /// The same part, with the same time stamp, was accepted under the tag.
        case repeated(of: Tag)
        /// Two messages use this reference at once, so their parts cannot be told apart.
        ///
        /// Carries what was gathered and the part that arrived; until the expiry the parts that
        /// follow come back alone. Joining them could forge an answer.
        case contested([Part])
        /// All parts are there and their text cannot be read.
        case unreadable(PDUError, tags: [Tag])
    }

    /// A whole message; its text stays out of `description`.
    package struct Message: Hashable, Sendable, CustomStringConvertible {
        package let originator: SMSAddress
        package let text: String
        /// The time stamp of the first part.
        package let timestamp: ServiceCentreTimestamp
        /// The tags of the parts in their order.
        package let tags: [Tag]

        package var partCount: Int { tags.count }

        package var description: String { "message of \(partCount) parts from \(originator)" }
    }

    /// A message that was given up, with the parts it has in the order of their arrival.
    package struct Partial: Hashable, Sendable {
        package let originator: SMSAddress
        package let reference: ConcatenationReference
        package let total: Int
        package let parts: [Part]
    }

    /// One part as it arrived.
    package struct Part: Hashable, Sendable {
        /// From 1 to the total.
        package let number: Int
        package let tag: Tag
        package let deliver: SMSDeliver

        func isRepeated(by other: Part) -> Bool {
            number == other.number && deliver.timestamp == other.deliver.timestamp
                && deliver.userData == other.deliver.userData
        }
    }

    /// What the parts of one message have in common.
    struct Key: Hashable, Sendable {
        let originator: SMSAddress
        let reference: ConcatenationReference
        let total: UInt8
        let alphabet: SMSAlphabet
        let isCompressed: Bool
    }

    /// The parts under one key.
    struct Assembly: Sendable {
        var state: State
        var parts: [Part]
        /// When the centre sent the parts of a contested one, which are handed out.
        var contestedTimes: [Int64] = []
        let begunAt: Int64
        let serial: UInt64

        enum State: Sendable {
            /// Parts are missing; to `complete` or `contested`.
            case gathering
            /// Handed out and kept to know repetitions; forgotten at the expiry.
            case complete
            /// Two messages met; forgotten at the expiry.
            case contested
        }

        /// What would be lost with it, nil when nothing would.
        func partial(_ key: Key) -> Partial? {
            guard state == .gathering else { return nil }
            return Partial(
                originator: key.originator,
                reference: key.reference,
                total: Int(key.total),
                parts: parts
            )
        }
    }
}
