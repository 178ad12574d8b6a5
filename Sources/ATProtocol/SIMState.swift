/// What the SIM waits for: `+CPIN: <code>` (3GPP 27.007 §8.3).
package enum SIMState: Hashable, Sendable {
    case ready
    case pinRequired
    case pukRequired
    case pin2Required
    case puk2Required
    /// `NOT INSERTED`, `NOT READY` and lock states of the modem or the network.
    case other(String)

    /// Reads the answer or the indication; nil if the line is neither.
    package init?(_ line: String) {
        guard let text = ResponseFields(line, prefix: "+CPIN:")?[0]?.text, !text.isEmpty else {
            return nil
        }
        self =
            switch text {
            case "READY": .ready
            case "SIM PIN": .pinRequired
            case "SIM PUK": .pukRequired
            case "SIM PIN2": .pin2Required
            case "SIM PUK2": .puk2Required
            default: .other(text)
            }
    }
}
