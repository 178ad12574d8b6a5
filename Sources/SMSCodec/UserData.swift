/// What a message carries: an optional header and a payload in one data coding scheme.
///
/// Always fits the 140 octets of TP-User-Data. It may hold a PIN: `description` shows sizes only.
package struct UserData: Hashable, Sendable {
    package let codingScheme: DataCodingScheme
    package let header: [HeaderElement]
    /// One septet per element for uncompressed GSM 7-bit, else the octets as they are sent.
    package let payload: [UInt8]

    static let octetsMax = 140
    static let septetsMax = 160

    /// Throws when header and payload exceed 140 octets, or a septet exceeds 7 bits.
    package init(
        codingScheme: DataCodingScheme,
        header: [HeaderElement] = [],
        payload: [UInt8]
    ) throws(PDUError) {
        self.codingScheme = codingScheme
        self.header = header
        self.payload = payload
        let isPacked = codingScheme.countsSeptets
        let limit = isPacked ? Self.septetsMax : Self.octetsMax
        guard length <= limit else {
            throw .encoding(
                .userData,
                .tooLong(length, limit: limit, unit: isPacked ? .septets : .octets)
            )
        }
        guard !isPacked || payload.allSatisfy({ $0 <= 0x7F }) else {
            throw .encoding(.userData, .malformed("a septet of more than 7 bits"))
        }
    }

    /// One message of text, in the smallest alphabet unless one is given.
    ///
    /// Throws when the text needs more than one message: see `SMSSegmentation`.
    package init(
        text: String,
        alphabet: SMSAlphabet? = nil,
        messageClass: DataCodingScheme.MessageClass? = nil
    ) throws(PDUError) {
        let alphabet = alphabet ?? SMSText.smallestAlphabet(for: text)
        try self.init(
            codingScheme: DataCodingScheme(alphabet: alphabet, messageClass: messageClass),
            payload: try SMSText.units(of: text, in: alphabet)
        )
    }

    /// The payload as text.
    ///
    /// Throws for compressed text and for UCS2 of an odd length. National language tables
    /// (elements 24 and 25) are not applied: the default alphabet is read, as 3GPP 23.038
    /// §6.2.1.2 asks of a receiver without them.
    package func text() throws(PDUError) -> String {
        try Self.text(payload, codingScheme)
    }

    /// The place in a long message; the last of several elements counts, as the standard says.
    package var concatenation: Concatenation? {
        header.reversed().lazy.compactMap { Concatenation($0) }.first
    }

    static func text(
        _ payload: [UInt8],
        _ codingScheme: DataCodingScheme
    ) throws(PDUError) -> String {
        guard !codingScheme.isCompressed else {
            throw .reading(.codingScheme, .malformed("compressed text is not supported"))
        }
        return try SMSText.string(of: payload, in: codingScheme.alphabet)
    }

    /// TP-User-Data-Length: septets for uncompressed GSM 7-bit, else octets.
    private var length: Int {
        let headerCount = HeaderElement.headerCount(header)
        guard codingScheme.countsSeptets else { return headerCount + payload.count }
        return Self.septets(ofHeader: headerCount) + payload.count
    }

    /// The septets that a header takes, with the fill bits that follow it.
    static func septets(ofHeader octets: Int) -> Int { (octets * 8 + 6) / 7 }
}

extension UserData: CustomStringConvertible {
    package var description: String {
        let unit: PDUError.Unit = codingScheme.countsSeptets ? .septets : .octets
        return "\(header.count) header elements, \(payload.count) \(unit.rawValue)"
    }
}

extension UserData {
    /// Reads from TP-User-Data-Length to the end of TP-User-Data.
    init(
        decoding reader: inout PDUReader,
        codingScheme: DataCodingScheme,
        hasHeader: Bool
    ) throws(PDUError) {
        let start = reader.position
        let length = Int(try reader.octet(.userDataLength))
        let isPacked = codingScheme.countsSeptets
        let limit = isPacked ? Self.septetsMax : Self.octetsMax
        guard length <= limit else {
            throw .decoding(
                .userDataLength,
                at: start,
                .tooLong(length, limit: limit, unit: isPacked ? .septets : .octets)
            )
        }
        let octets = try reader.octets(isPacked ? (length * 7 + 7) / 8 : length, .userData)
        let header = hasHeader ? try HeaderElement.decodeHeader(octets) : []
        // A header without elements still has its length octet.
        let headerCount = hasHeader ? max(1, HeaderElement.headerCount(header)) : 0
        self.codingScheme = codingScheme
        self.header = header
        guard isPacked else {
            payload = Array(octets.dropFirst(headerCount))
            return
        }
        let headerSeptets = Self.septets(ofHeader: headerCount)
        guard headerSeptets <= length else {
            throw .decoding(
                .userDataLength,
                at: start,
                .malformed("the header takes \(headerSeptets) septets of \(length)")
            )
        }
        payload = Septets.unpack(
            octets,
            firstBit: headerSeptets * 7,
            count: length - headerSeptets
        )
    }

    /// Appends TP-User-Data-Length and TP-User-Data.
    func append(to octets: inout [UInt8]) {
        octets.append(UInt8(truncatingIfNeeded: length))
        HeaderElement.appendHeader(header, to: &octets)
        guard codingScheme.countsSeptets else {
            octets.append(contentsOf: payload)
            return
        }
        let headerCount = HeaderElement.headerCount(header)
        let fillBits = Self.septets(ofHeader: headerCount) * 7 - headerCount * 8
        Septets.pack(payload, fillBits: fillBits, into: &octets)
    }

    /// TP-User-Data-Header-Indicator at its place in the first octet.
    var headerBit: UInt8 { header.isEmpty ? 0 : 0x40 }
}
