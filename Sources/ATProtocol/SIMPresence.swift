/// What a modem says unasked of the card in its holder, each maker in its own words.
///
/// The lines, with what their values mean:
///
///     ^SIMST: 255              Huawei     0 invalid or locked, 1 valid, 255 none;
///                                         2 to 4 valid, refused by the network
///     +SIMCARD: NOT AVAILABLE  SIMCom
///     +QSIMSTAT: 1,0           Quectel    0 removed, 1 inserted, 2 not known
///     ^SCKS: 0                 Cinterion  0 removed, 1 inserted, 2 switched off as unfit
///     #QSS: 0                  Telit      0 removed, 1 inserted, 2 unlocked
package enum SIMPresence: Hashable, Sendable {
    /// A card was put in; some modems say so once after their start, too.
    case inserted
    /// A card is in, as before.
    case present
    /// There is none, or none that works.
    case removed

    /// Reads an indication; nil if it says nothing of the card.
    init?(_ line: String, prefix: String) {
        guard let fields = ResponseFields(line, prefix: prefix) else { return nil }
        switch (prefix, fields[0]?.number, fields[1]?.number) {
        case ("^SIMST:", 0, _), ("^SIMST:", 255, _), ("^SCKS:", 0, nil), ("^SCKS:", 2, nil),
            ("#QSS:", 0, nil), ("+QSIMSTAT:", .some, 0), ("+QSIMSTAT :", .some, 0):
            self = .removed
        case ("^SIMST:", 1, _), ("^SCKS:", 1, nil), ("#QSS:", 1, nil),
            ("+QSIMSTAT:", .some, 1), ("+QSIMSTAT :", .some, 1):
            self = .inserted
        case ("^SIMST:", 2, _), ("^SIMST:", 3, _), ("^SIMST:", 4, _), ("#QSS:", 2, nil):
            self = .present
        case ("+SIMCARD:", _, _):
            guard let text = fields[0]?.text, !text.isEmpty else { return nil }
            self = text.hasPrefix("NOT") ? .removed : .inserted
        default: return nil
        }
    }
}
