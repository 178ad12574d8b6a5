import Recharge
import SMSCodec

/// Takes a SIM's PIN out of the messages that its carrier sends.
///
/// Carriers quote requests that they do not understand. What is filed of such a message, and what
/// serves as evidence, must not hold the PIN, as text or as a PDU. A PIN that is cut by the border
/// of two parts is not found.
struct PINMask: Sendable {
    private static let star = UInt16(UInt8(ascii: "*"))
    private let pin: [UInt16]

    init(_ pin: PIN) {
        self.pin = Array(pin.revealed.utf16)
    }

    func masked(_ text: String) -> String {
        String(decoding: masked(Array(text.utf16)), as: UTF16.self)
    }

    /// The same message, each character of the PIN replaced, so that its length stays.
    func masked(_ deliver: SMSDeliver) throws(PDUError) -> SMSDeliver {
        var masked = deliver
        masked.userData = try self.masked(deliver.userData)
        return masked
    }

    /// A status report may quote the message that it is about.
    func masked(_ report: SMSStatusReport) throws(PDUError) -> SMSStatusReport {
        var masked = report
        if let userData = report.userData { masked.userData = try self.masked(userData) }
        return masked
    }

    /// The octets of a message that cannot be read, the PIN replaced wherever it may stand in them.
    func masked(pdu: String) -> String {
        guard let octets = try? Hexadecimal.octets(pdu) else { return masked(pdu) }
        // The first bit of packed septets is the lowest of the first octet (3GPP 23.038 §6.1.2.1).
        var bits = octets.flatMap { octet in (0..<8).map { octet >> $0 & 1 } }
        for writing in Writing.allCases where !pin.isEmpty {
            let wanted = pin.flatMap(writing.bits)
            let stars = pin.flatMap { _ in writing.bits(PINMask.star) }
            for start in stride(from: 0, through: bits.count - wanted.count, by: writing.step)
            where bits[start..<(start + wanted.count)].elementsEqual(wanted) {
                bits.replaceSubrange(start..<(start + wanted.count), with: stars)
            }
        }
        return Hexadecimal.text(
            octets.indices.map { octet in
                (0..<8).reduce(0) { $0 | bits[octet * 8 + $1] << $1 }
            }
        )
    }

    /// How a character may stand in octets.
    private enum Writing: CaseIterable {
        case septets, octets, bigEndian, littleEndian

        /// Every how many bits one may begin.
        var step: Int { self == .septets ? 1 : 8 }

        func bits(_ unit: UInt16) -> [UInt8] {
            let low = (0..<8).map { UInt8(unit >> $0 & 1) }
            let high = (8..<16).map { UInt8(unit >> $0 & 1) }
            return switch self {
            case .septets: Array(low.dropLast())
            case .octets: low
            case .bigEndian: high + low
            case .littleEndian: low + high
            }
        }
    }

    private func masked(_ userData: UserData) throws(PDUError) -> UserData {
        try UserData(
            codingScheme: userData.codingScheme,
            header: userData.header,
            payload: payload(of: userData)
        )
    }

    private func payload(of userData: UserData) -> [UInt8] {
        let payload = userData.payload
        switch userData.codingScheme.alphabet {
        case .gsm7, .octets:
            // Digits and letters have the same codes here as in ASCII (3GPP 23.038 §6.2.1).
            return masked(payload.map { UInt16($0) }).map { UInt8($0) }
        case .ucs2:
            let pairs = stride(from: 0, to: payload.count - 1, by: 2)
            let units = pairs.map { UInt16(payload[$0]) << 8 | UInt16(payload[$0 + 1]) }
            let rest = payload.dropFirst(2 * units.count)
            return masked(units).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } + rest
        }
    }

    private func masked(_ units: [UInt16]) -> [UInt16] {
        guard !pin.isEmpty, units.count >= pin.count else { return units }
        var masked = units
        for start in 0...(units.count - pin.count) {
            let place = start..<(start + pin.count)
            guard units[place].elementsEqual(pin), !isInsideNumber(place, units) else { continue }
            for index in place { masked[index] = PINMask.star }
        }
        return masked
    }

    /// Whether more digits stand beside a place: a serial or a phone number may hold the same ones.
    private func isInsideNumber(_ place: Range<Int>, _ units: [UInt16]) -> Bool {
        func isDigit(_ index: Int) -> Bool {
            units.indices.contains(index) && (0x30...0x39).contains(units[index])
        }
        return isDigit(place.lowerBound) && isDigit(place.lowerBound - 1)
            || isDigit(place.upperBound - 1) && isDigit(place.upperBound)
    }
}
