package import Recharge

/// One line of the centre's ledger of truth: money that moved, or a refusal to move it.
///
/// ```json
/// {"kind":"charge","serial":"S20261123000001","request_id":"R000001","iccid":"8986…",
///  "number":"13800138000","amount_minor":5000,"currency":"CNY","at":"2026-11-23T09:30:00.250Z",
///  "balance_minor":995000,"dialogue_at_us":1795426200123456}
/// {"kind":"refusal","reason":"busy",…}                     the same without a serial
/// {"kind":"reversal","serial":"S2…","original":"S2…",…}    the float credited
/// {"kind":"reversal_refusal","reason":"late","original":"S2…",…}
/// ```
/// The number is national, as in the request. No PIN is ever in it.
package struct LedgerEntry: Hashable, Sendable {
    package var outcome: Outcome
    /// Unique in one ledger; counts every request that named a number and an amount.
    package var requestID: String
    package var iccid: ICCID
    package var number: String
    package var amount: Amount
    package var at: Timestamp
    /// The agent's float afterwards.
    package var balance: Amount
    /// When the first byte of the `AT+CMGS` that brought the request came, in µs since 1970; nil
    /// when it came through no tty.
    package var dialogueAt: Int64?

    package enum Outcome: Hashable, Sendable {
        case charged(serial: String)
        case refused(Refusal)
        case reversed(serial: String, original: String)
        case notReversed(ReversalRefusal, original: String)
    }

    /// The serial that the centre gave the movement; nil where nothing moved.
    package var serial: String? {
        switch outcome {
        case .charged(let serial), .reversed(let serial, _): serial
        case .refused, .notReversed: nil
        }
    }

    /// The entry as one line of JSON, without its line feed.
    ///
    /// Nothing in it needs escaping: digits, letters and a moment.
    package var json: String {
        let head =
            switch outcome {
            case .charged(let serial): "\"kind\":\"charge\",\"serial\":\"\(serial)\""
            case .refused(let refusal): "\"kind\":\"refusal\",\"reason\":\"\(refusal.rawValue)\""
            case .reversed(let serial, let original):
                "\"kind\":\"reversal\",\"serial\":\"\(serial)\",\"original\":\"\(original)\""
            case .notReversed(let refusal, let original):
                "\"kind\":\"reversal_refusal\",\"reason\":\"\(refusal.rawValue)\","
                    + "\"original\":\"\(original)\""
            }
        let dialogue = dialogueAt.map { ",\"dialogue_at_us\":\($0)" } ?? ""
        return "{\(head),\"request_id\":\"\(requestID)\",\"iccid\":\"\(iccid.digits)\","
            + "\"number\":\"\(number)\",\"amount_minor\":\(amount.minorUnits),"
            + "\"currency\":\"\(amount.currency.code)\",\"at\":\"\(at.rfc3339)\","
            + "\"balance_minor\":\(balance.minorUnits)\(dialogue)}"
    }
}
