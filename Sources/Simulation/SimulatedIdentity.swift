package import Recharge

/// Who a simulated transceiver and its SIM are.
///
/// The same for the same index and seed, after every plug, until SIMs change places.
package struct SimulatedIdentity: Hashable, Sendable {
    package private(set) var iccid: ICCID
    package private(set) var imsi: IMSI
    package let imei: IMEI
    /// The SIM's own number in international form: `+8613900000001`.
    package private(set) var number: String

    /// Derives an identity; two indexes below 100,000 never share one under the same seed.
    package init(index: Int, seed: UInt64) {
        precondition((1..<100_000).contains(index), "an index from 1 to 99999")
        let lot = seed % 10_000
        let place = Self.padded(UInt64(index), 5)
        let body = "8986001126" + Self.padded(lot, 4) + place
        let equipment = "86" + Self.padded(lot, 4) + "926" + place
        guard let iccid = ICCID(body + Self.checkDigit(body)),
            let imsi = IMSI("460000" + Self.padded(lot, 4) + place),
            let imei = IMEI(equipment + Self.checkDigit(equipment))
        else { preconditionFailure("identities are built from digits of fixed length") }
        self.iccid = iccid
        self.imsi = imsi
        self.imei = imei
        number = "+861390" + Self.padded(lot % 100, 2) + place
    }

    /// The SIM of another transceiver and this one change places.
    mutating func exchangeCards(with other: inout SimulatedIdentity) {
        swap(&iccid, &other.iccid)
        swap(&imsi, &other.imsi)
        swap(&number, &other.number)
    }

    /// The digit that makes a number pass the Luhn test (ISO/IEC 7812-1 annex B).
    static func checkDigit(_ digits: String) -> String {
        let sum = digits.utf8.reversed().enumerated().reduce(0) { sum, place in
            let digit = Int(place.element) - 0x30
            guard place.offset.isMultiple(of: 2) else { return sum + digit }
            return sum + (digit > 4 ? digit * 2 - 9 : digit * 2)
        }
        return String((10 - sum % 10) % 10)
    }

    private static func padded(_ value: UInt64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
