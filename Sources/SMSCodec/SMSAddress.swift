/// The number or name at one end of a message (3GPP 23.040 §9.1.2.5).
///
/// Always fits an address field: at most 20 digits of `0-9 * # a b c`, or 11 septets of text.
/// `description` hides most of a subscriber's number; `display` shows all of it.
package struct SMSAddress: Hashable, Sendable {
    package let kind: Kind
    /// The digits without a plus sign, or the text of an alphanumeric address.
    package let value: String

    /// Type of number and numbering plan.
    package struct Kind: Hashable, Sendable {
        package let typeOfNumber: TypeOfNumber
        package let numberingPlan: NumberingPlan

        package init(_ typeOfNumber: TypeOfNumber, _ numberingPlan: NumberingPlan) {
            self.typeOfNumber = typeOfNumber
            self.numberingPlan = numberingPlan
        }
    }

    /// Bits 6 to 4 of the type-of-address octet.
    package enum TypeOfNumber: UInt8, Hashable, Sendable {
        case unknown = 0
        case international = 1
        case national = 2
        case networkSpecific = 3
        case subscriber = 4
        case alphanumeric = 5
        case abbreviated = 6
        case reserved = 7
    }

    /// Bits 3 to 0 of the type-of-address octet; values without a name here are kept.
    package struct NumberingPlan: RawRepresentable, Hashable, Sendable {
        package let rawValue: UInt8

        /// Only the low four bits count.
        package init(rawValue: UInt8) {
            self.rawValue = rawValue & 0x0F
        }

        package static let unknown = NumberingPlan(rawValue: 0)
        package static let telephone = NumberingPlan(rawValue: 1)
        package static let national = NumberingPlan(rawValue: 8)
    }

    /// Takes "+86…" as international and bare digits as a number of unknown type.
    ///
    /// A short code such as 10086 must stay of unknown type: networks refuse it otherwise.
    package init(number: String) throws(PDUError) {
        let isInternational = number.utf8.first == UInt8(ascii: "+")
        let digits =
            isInternational ? String(decoding: number.utf8.dropFirst(), as: UTF8.self) : number
        guard !digits.isEmpty else {
            throw .encoding(.address, .malformed("a number without digits"))
        }
        try self.init(
            kind: Kind(isInternational ? .international : .unknown, .telephone),
            digits: digits
        )
    }

    /// Takes digits `0-9 * # a b c` under a type of number other than alphanumeric.
    package init(kind: Kind, digits: String) throws(PDUError) {
        guard kind.typeOfNumber != .alphanumeric else {
            throw .encoding(.address, .malformed("digits under the alphanumeric type of number"))
        }
        guard digits.utf8.allSatisfy({ SemiOctets.value(of: $0) != nil }) else {
            throw .encoding(.address, .malformed("an address character other than 0-9 * # a b c"))
        }
        let count = digits.utf8.count
        guard count <= Self.semiOctetsMax else {
            throw .encoding(
                .address,
                .tooLong(count, limit: Self.semiOctetsMax, unit: .semiOctets)
            )
        }
        self.init(kind: kind, value: digits)
    }

    /// Takes the name of a sender, at most 11 septets of the GSM 7-bit alphabet.
    package init(alphanumeric name: String) throws(PDUError) {
        guard let septets = GSM7Alphabet.septets(name) else {
            throw .encoding(.address, .malformed("a name outside the GSM 7-bit alphabet"))
        }
        guard septets.count <= Self.septetsMax else {
            throw .encoding(
                .address,
                .tooLong(septets.count, limit: Self.septetsMax, unit: .septets)
            )
        }
        self.init(kind: Kind(.alphanumeric, .unknown), value: name)
    }

    /// The caller has checked that the value fits the kind.
    init(kind: Kind, value: String) {
        self.kind = kind
        self.value = value
    }

    static let semiOctetsMax = 20
    static let septetsMax = 11

    /// The address as people write it: `+8613800138000`, `10086`, `CarrierName`.
    ///
    /// A name that looks like a number comes in quotes, so that it cannot pass for that number:
    /// anyone who may choose a name as sender may choose `10086`.
    package var display: String {
        switch kind.typeOfNumber {
        case .international: "+\(value)"
        case .alphanumeric
        where value.utf8.contains(where: { (0x30...0x39).contains($0) })
            && !value.utf8.contains(where: { (0x41...0x5A).contains($0 & 0xDF) }):
            "\"\(value)\""
        case .alphanumeric, .unknown, .national, .networkSpecific, .subscriber, .abbreviated,
            .reserved:
            value
        }
    }
}

extension SMSAddress: CustomStringConvertible {
    /// Names and short codes in full, of longer numbers the last four digits.
    package var description: String {
        guard kind.typeOfNumber != .alphanumeric, value.utf8.count > 6 else { return display }
        return "…" + value.suffix(4)
    }
}
