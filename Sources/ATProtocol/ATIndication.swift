/// What the modem says unasked (an unsolicited result code, URC).
package enum ATIndication: Hashable, Sendable {
    /// `+CMTI`: a message lies in the storage.
    case messageStored(storage: String, index: Int)
    /// `+CMT`: a message, as a hex PDU with the service centre's address; kept nowhere else.
    case message(pdu: String, length: Int)
    /// `+CDS`: a status report, as a hex PDU.
    case statusReport(pdu: String, length: Int)
    /// `+CDSI`: a status report lies in the storage.
    case statusReportStored(storage: String, index: Int)
    /// `+CBM`: a cell broadcast, as a hex PDU.
    case cellBroadcast(pdu: String, length: Int)
    case registration(RegistrationState)
    /// `+CUSD: <mode>[,<text>[,<dcs>]]` (3GPP 27.007 §7.15); the text is as it came.
    case ussd(mode: Int, text: String?, dcs: Int?)
    case simState(SIMState)
    /// A maker's own line about the card.
    case simPresence(SIMPresence)
    /// The modem has started, or one of its services is ready: `RDY`, `SMS DONE`.
    ///
    /// After a start its settings are lost; a command in flight will not be answered.
    case ready(String)
    case poweringDown(String)
    /// A line longer than the channel keeps was dropped.
    case overlong
    /// Any other line that belongs to no command, known or not.
    case other(String)
}

extension ATIndication {
    /// Whether lines around it may be of a text that the network sent, and no answer.
    ///
    /// Texts of several lines come raw with USSD, and with messages where a modem is in text mode.
    package var mayHaveTorn: Bool {
        switch self {
        case .ussd: true
        case .other(let line):
            (["+CUSD:"] + IndicationTable.twoLinePrefixes).contains {
                line.utf8.starts(with: $0.utf8)
            }
        case .messageStored, .message, .statusReport, .statusReportStored, .cellBroadcast,
            .registration, .simState, .simPresence, .ready, .poweringDown, .overlong:
            false
        }
    }
}

extension ATIndication: CustomStringConvertible {
    /// The indication's kind without texts, numbers and PDUs.
    package var description: String {
        switch self {
        case .messageStored(let storage, let index): "message stored at \(storage) \(index)"
        case .message(_, let length): "message of \(length) octets"
        case .statusReport(_, let length): "status report of \(length) octets"
        case .statusReportStored(let storage, let index): "report stored at \(storage) \(index)"
        case .cellBroadcast(_, let length): "cell broadcast of \(length) octets"
        case .registration(let state): "registration: \(state)"
        case .ussd(let mode, _, _): "USSD, mode \(mode)"
        case .simState, .simPresence: "state of the SIM"
        case .ready: "ready"
        case .poweringDown: "powering down"
        case .overlong: "an overlong line"
        case .other: "another line"
        }
    }
}

extension ATIndication {
    /// Reads a line that is a complete indication; nil if it is none that is known.
    ///
    /// A known indication whose values do not parse is `.other`.
    init?(line: String) {
        switch line {
        case "RDY", "PB DONE", "SMS DONE", "SMS READY", "SMS Ready", "Call Ready", "^SYSSTART":
            self = .ready(line)
        case "+QIND: SMS DONE", "+QIND: PB DONE", "#QSS: 3", "+STIN: 25":
            self = .ready(line)
        case "POWERED DOWN", "NORMAL POWER DOWN", "UNDER-VOLTAGE POWER DOWN", "^SHUTDOWN":
            self = .poweringDown(line)
        case "RING", "NO CARRIER", "NO ANSWER", "NO DIALTONE", "BUSY":
            self = .other(line)
        default:
            guard let prefix = IndicationTable.prefix(of: line) else { return nil }
            self = Self.parsed(line, prefix: prefix) ?? .other(line)
        }
    }

    private static func parsed(_ line: String, prefix: String) -> ATIndication? {
        guard let fields = ResponseFields(line, prefix: prefix) else { return nil }
        switch prefix {
        case "+CMTI:":
            guard let storage = fields[0]?.text, let index = fields[1]?.number else { return nil }
            return .messageStored(storage: storage, index: index)
        case "+CDSI:":
            guard let storage = fields[0]?.text, let index = fields[1]?.number else { return nil }
            return .statusReportStored(storage: storage, index: index)
        case RegistrationState.prefix:
            return RegistrationState(indication: line).map(ATIndication.registration)
        case "+CPIN:":
            return SIMState(line).map(ATIndication.simState)
        case "+CUSD:":
            guard let mode = fields[0]?.number else { return nil }
            return .ussd(mode: mode, text: fields[1]?.text, dcs: fields[2]?.number)
        default:
            return SIMPresence(line, prefix: prefix).map(ATIndication.simPresence)
        }
    }
}
