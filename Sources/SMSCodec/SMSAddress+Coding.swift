extension SMSAddress.Kind {
    init(octet: UInt8) {
        self.init(
            SMSAddress.TypeOfNumber(rawValue: octet >> 4 & 0b111) ?? .reserved,
            SMSAddress.NumberingPlan(rawValue: octet)
        )
    }

    var octet: UInt8 { 0x80 | typeOfNumber.rawValue << 4 | numberingPlan.rawValue }
}

extension SMSAddress {
    /// Reads TP-DA, TP-OA or TP-RA, whose length counts semi-octets.
    init(decoding reader: inout PDUReader, field: PDUError.Field) throws(PDUError) {
        let start = reader.position
        let count = Int(try reader.octet(field))
        guard count <= Self.semiOctetsMax else {
            throw .decoding(
                field,
                at: start,
                .tooLong(count, limit: Self.semiOctetsMax, unit: .semiOctets)
            )
        }
        let kind = Kind(octet: try reader.octet(field))
        let octets = try reader.octets((count + 1) / 2, field)
        try self.init(kind: kind, octets: octets, semiOctets: count, field: field)
    }

    /// Reads the SMSC part of a PDU, whose length counts octets; nil when it is empty.
    static func serviceCentre(decoding reader: inout PDUReader) throws(PDUError) -> SMSAddress? {
        let start = reader.position
        let count = Int(try reader.octet(.serviceCentre))
        guard count > 0 else { return nil }
        let limit = 1 + semiOctetsMax / 2
        guard count <= limit else {
            throw .decoding(
                .serviceCentre,
                at: start,
                .tooLong(count, limit: limit, unit: .octets)
            )
        }
        let kind = Kind(octet: try reader.octet(.serviceCentre))
        let octets = try reader.octets(count - 1, .serviceCentre)
        return try SMSAddress(
            kind: kind,
            octets: octets,
            semiOctets: octets.count * 2,
            field: .serviceCentre
        )
    }

    private init(
        kind: Kind,
        octets: ArraySlice<UInt8>,
        semiOctets: Int,
        field: PDUError.Field
    ) throws(PDUError) {
        guard kind.typeOfNumber == .alphanumeric else {
            let digits = try SemiOctets.digits(octets, count: semiOctets, field: field)
            self.init(kind: kind, value: digits)
            return
        }
        let septets = Septets.unpack(octets, firstBit: 0, count: semiOctets * 4 / 7)
        var name = GSM7Alphabet.text(septets)
        // Counted in octets, seven septets take as many as eight: a last `@` is what fills them.
        if field == .serviceCentre, name.last == "@", GSM7Alphabet.septets(name)?.count == 8 {
            name.removeLast()
        }
        self.init(kind: kind, value: name)
    }

    /// Appends length in semi-octets, type of address and value.
    func append(to octets: inout [UInt8]) {
        let start = octets.count
        octets.append(0)
        octets.append(kind.octet)
        octets[start] = appendValue(to: &octets)
    }

    /// Appends length in octets, type of address and value.
    func appendAsServiceCentre(to octets: inout [UInt8]) {
        let start = octets.count
        octets.append(0)
        octets.append(kind.octet)
        _ = appendValue(to: &octets)
        octets[start] = UInt8(truncatingIfNeeded: octets.count - start - 1)
    }

    /// Returns the number of useful semi-octets; the limits of the value keep it in range.
    private func appendValue(to octets: inout [UInt8]) -> UInt8 {
        guard kind.typeOfNumber == .alphanumeric else {
            SemiOctets.append(value, to: &octets)
            return UInt8(truncatingIfNeeded: value.utf8.count)
        }
        let septets = GSM7Alphabet.septets(value) ?? []
        Septets.pack(septets, into: &octets)
        return UInt8(truncatingIfNeeded: (septets.count * 7 + 3) / 4)
    }
}
