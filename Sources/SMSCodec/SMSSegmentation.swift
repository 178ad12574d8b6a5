/// Text to as many messages as it needs.
///
/// | alphabet | one message | part, 8-bit reference | part, 16-bit reference |
/// |---|---|---|---|
/// | `gsm7` | 160 septets | 153 | 152 |
/// | `octets` | 140 octets | 134 | 133 |
/// | `ucs2` | 70 units | 67 | 66 |
///
/// Neither an escape and its character nor a surrogate pair is ever split.
package enum SMSSegmentation {
    /// The messages that carry a text to the service centre, in part order.
    ///
    /// The reference is used only when the text needs more than one. Throws when an alphabet is
    /// given that lacks a character, or when 255 parts do not suffice.
    package static func submits(
        text: String,
        to destination: SMSAddress,
        reference: ConcatenationReference,
        validity: ValidityPeriod?,
        requestStatusReport: Bool = false,
        rejectDuplicates: Bool = false,
        alphabet: SMSAlphabet? = nil
    ) throws(PDUError) -> [SMSSubmit] {
        try userData(text: text, reference: reference, alphabet: alphabet).map { part in
            SMSSubmit(
                to: destination,
                userData: part,
                validity: validity,
                requestStatusReport: requestStatusReport,
                rejectDuplicates: rejectDuplicates
            )
        }
    }

    /// The messages that carry a text to a mobile, in part order; all but the last say that more
    /// wait.
    package static func delivers(
        text: String,
        from originator: SMSAddress,
        timestamp: ServiceCentreTimestamp,
        reference: ConcatenationReference,
        alphabet: SMSAlphabet? = nil
    ) throws(PDUError) -> [SMSDeliver] {
        let parts = try userData(text: text, reference: reference, alphabet: alphabet)
        return parts.enumerated().map { index, part in
            SMSDeliver(
                from: originator,
                timestamp: timestamp,
                userData: part,
                moreMessages: index + 1 < parts.count
            )
        }
    }

    static func userData(
        text: String,
        reference: ConcatenationReference,
        alphabet: SMSAlphabet?
    ) throws(PDUError) -> [UserData] {
        let alphabet = alphabet ?? SMSText.smallestAlphabet(for: text)
        let codingScheme = DataCodingScheme(alphabet: alphabet)
        let units = try SMSText.units(of: text, in: alphabet)
        guard units.count > capacity(alphabet, headerOctets: 0) else {
            return [try UserData(codingScheme: codingScheme, payload: units)]
        }
        let slices = split(units, alphabet, reference)
        guard let total = UInt8(exactly: slices.count) else {
            throw .encoding(.userData, .tooLong(slices.count, limit: 255, unit: .parts))
        }
        var parts: [UserData] = []
        parts.reserveCapacity(slices.count)
        for (number, slice) in zip(1...total, slices) {
            let place = Concatenation(reference: reference, total: total, number: number)
            parts.append(
                try UserData(
                    codingScheme: codingScheme,
                    header: place.map { [$0.element] } ?? [],
                    payload: Array(slice)
                )
            )
        }
        return parts
    }

    private static func split(
        _ units: [UInt8],
        _ alphabet: SMSAlphabet,
        _ reference: ConcatenationReference
    ) -> [ArraySlice<UInt8>] {
        let headerOctets =
            switch reference {
            case .narrow: 6
            case .wide: 7
            }
        let size = capacity(alphabet, headerOctets: headerOctets)
        var slices: [ArraySlice<UInt8>] = []
        var rest = units[...]
        while rest.count > size {
            let slice = rest.prefix(size).dropLast(brokenPair(rest.prefix(size), alphabet))
            slices.append(slice)
            rest = rest.dropFirst(slice.count)
        }
        return slices + [rest]
    }

    /// The units that fit beside a header.
    private static func capacity(_ alphabet: SMSAlphabet, headerOctets: Int) -> Int {
        switch alphabet {
        case .gsm7: UserData.septetsMax - UserData.septets(ofHeader: headerOctets)
        case .octets: UserData.octetsMax - headerOctets
        case .ucs2: (UserData.octetsMax - headerOctets) / 2 * 2
        }
    }

    /// How many units at the end of a slice are the first half of a pair.
    private static func brokenPair(_ slice: ArraySlice<UInt8>, _ alphabet: SMSAlphabet) -> Int {
        switch alphabet {
        case .gsm7: slice.last == GSM7Alphabet.escape ? 1 : 0
        case .octets: 0
        case .ucs2: slice.suffix(2).first.map { (0xD8...0xDB).contains($0) ? 2 : 0 } ?? 0
        }
    }
}
