import ATProtocol

/// Whether the modem is still the one that was set up, with the same card in it.
extension SIMWork {
    /// After a silence the modem must show its card before anything is sent from it, and before
    /// its messages are taken for those of this SIM and deleted.
    func assurance(at now: Instant) -> Errand? {
        let isOfCard = sweepDue <= now || inbox.hasErrand || request != nil
        guard isOfCard, assuredAt.duration(to: now) > SIMWork.assurance else { return nil }
        return isFormatSet ? .identity : .format
    }

    /// The modem answered: it is the same as it was a moment ago.
    mutating func answered(at now: Instant) {
        if assuredAt.duration(to: now) <= SIMWork.assurance { assuredAt = now }
    }

    /// The modem showed the card that it should have.
    ///
    /// After a silence that says nothing of its settings, unless the PDU mode was set before.
    mutating func identified(at now: Instant) {
        if isFormatSet || assuredAt.duration(to: now) <= SIMWork.assurance { assuredAt = now }
        isFormatSet = false
        identityMisses = 0
    }
}
