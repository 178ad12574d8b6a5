/// How long what is personal is kept; nil: for ever.
package struct Retention: Hashable, Sendable {
    /// Texts and PDUs of senders that no carrier profile lists.
    package var unlistedSenders: Duration? = .seconds(7 * 86_400)
    /// Texts and PDUs of all messages that settled nothing.
    package var messages: Duration?
    /// Numbers of jobs that are final, with the evidence and the messages that quote them.
    package var numbers: Duration?

    package init() {}
}

/// What an erasure came to.
package struct Erasure: Hashable, Sendable {
    /// Jobs whose number is erased.
    package var jobs = 0
    /// Messages whose text and PDU are blanked.
    package var messages = 0
    /// Jobs left alone, because they are not final or in dispute.
    package var kept = 0

    package init() {}
}
