/// The three ways in which user data carries text (3GPP 23.038 §4).
package enum SMSAlphabet: Hashable, Sendable, CaseIterable {
    /// The GSM 7-bit default alphabet with its extension table.
    case gsm7
    /// Octets without a character set of their own; as text they are read as ISO 8859-1.
    case octets
    /// UCS2, in practice UTF-16 with the high octet first and surrogate pairs.
    case ucs2
}
