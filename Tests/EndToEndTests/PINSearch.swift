import Foundation

/// Finds a PIN in bytes, in whatever form a transceiver, a trace or a database may hold it.
///
/// ```
/// ASCII      34 38 31 …          UCS2   00 34 00 38 00 31 …    UTF-16LE   34 00 38 00 31 00 …
/// septets    packed as 3GPP 23.038 §6.1.2.1 says, the first at any of the eight bits of an octet
/// ```
///
/// Each is looked for in octets and as text of hexadecimal digits, small and capital.
struct PINSearch: Sendable {
    private struct Form: Sendable {
        var name: String
        var bytes: [UInt8]
    }

    private let forms: [Form]

    init(_ pin: String) {
        let digits = Array(pin.utf8)
        var octets = [
            Form(name: "ASCII", bytes: digits),
            Form(name: "UCS2", bytes: digits.flatMap { [0, $0] }),
            Form(name: "UTF-16LE", bytes: digits.flatMap { [$0, 0] }),
        ]
        for bit in 0..<8 {
            octets.append(
                Form(name: "septets at bit \(bit)", bytes: PINSearch.packed(digits, at: bit))
            )
        }
        forms = octets.flatMap { form in
            [
                form,
                Form(name: "\(form.name) in hex", bytes: PINSearch.hex(form.bytes, "abcdef")),
                Form(
                    name: "\(form.name) in capital hex",
                    bytes: PINSearch.hex(form.bytes, "ABCDEF")
                ),
            ]
        }
    }

    /// In what forms the PIN is there; none is what one hopes for.
    func found(in bytes: [UInt8]) -> [String] {
        let place = Data(bytes)
        return forms.filter { place.range(of: Data($0.bytes)) != nil }.map(\.name)
    }

    func found(in text: String) -> [String] { found(in: Array(text.utf8)) }

    /// The octets that the septets fill wholly when the first begins at a bit of an octet.
    private static func packed(_ digits: [UInt8], at bit: Int) -> [UInt8] {
        var bits = [Bool](repeating: false, count: bit)
        bits += digits.flatMap { digit in (0..<7).map { digit >> UInt8($0) & 1 == 1 } }
        return ((bit + 7) / 8..<bits.count / 8).map { index in
            (0..<8).reduce(into: UInt8(0)) { octet, place in
                if bits[index * 8 + place] { octet |= 1 << UInt8(place) }
            }
        }
    }

    private static func hex(_ bytes: [UInt8], _ letters: String) -> [UInt8] {
        let digits = Array(("0123456789" + letters).utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
