/// The received signal strength of `+CSQ: <rssi>,<ber>` (3GPP 27.007 §8.5).
package struct SignalQuality: Hashable, Sendable {
    /// 0 to 31; nil if the modem does not know.
    package var strength: Int?

    /// Nominal level of the strength, from -113 to -51 dBm.
    package var decibelMilliwatts: Int? { strength.map { 2 * $0 - 113 } }

    /// Reads the answer; nil if the value is neither 0 to 31 nor 99.
    package init?(_ line: String) {
        guard let number = ResponseFields(line, prefix: "+CSQ:")?[0]?.number else { return nil }
        switch number {
        case 0...31: strength = number
        case 99: strength = nil
        default: return nil
        }
    }
}
