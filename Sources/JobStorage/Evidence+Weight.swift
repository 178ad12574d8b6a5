import Recharge

extension Evidence {
    /// Whether it says only that something is not there.
    var isOfAbsence: Bool {
        switch kind {
        case .balance, .history, .statement: true
        case .sms, .trace, .statusReport, .person: false
        }
    }

    /// The same evidence, proving nothing, with the cause of doubt beside it.
    ///
    /// An answer that is no other attempt's keeps its grade: it still speaks against an absence.
    func doubted(_ cause: String, isOwn: Bool = false) -> Evidence {
        guard verdict != .inconclusive else { return self }
        var doubted = self
        if !isOwn { doubted.grade = .none }
        doubted.verdict = .inconclusive
        doubted.parsed += " (\(cause))"
        return doubted
    }
}
