/// The GSM 7-bit default alphabet and its extension table (3GPP 23.038 §6.2.1).
///
/// Text is a row of septets, one per element, not yet packed. A character of the extension table
/// takes two: the escape and its own.
enum GSM7Alphabet {
    static let escape: UInt8 = 0x1B

    /// The septets of a text, or nil when it has a character that the alphabet lacks.
    static func septets(_ text: String) -> [UInt8]? {
        var septets: [UInt8] = []
        septets.reserveCapacity(text.utf8.count)
        let latin = latinCodes
        for scalar in text.unicodeScalars {
            let code = scalar.value < 0x100 ? latin[Int(scalar.value)] : code(beyondLatin: scalar)
            guard code != absent else { return nil }
            if code > 0x7F { septets.append(escape) }
            septets.append(UInt8(truncatingIfNeeded: code & 0x7F))
        }
        return septets
    }

    static func contains(_ text: String) -> Bool {
        let latin = latinCodes
        return text.unicodeScalars.allSatisfy { scalar in
            absent
                != (scalar.value < 0x100 ? latin[Int(scalar.value)] : code(beyondLatin: scalar))
        }
    }

    /// The text of any row of septets.
    ///
    /// An escape before a code that the extension table lacks shows the character of the default
    /// table; an escape before another escape, or at the end, shows a space (3GPP 23.038 §6.2.1.1).
    static func text(_ septets: [UInt8]) -> String {
        var text = ""
        var unread = septets[...]
        while let septet = unread.popFirst() {
            guard septet == escape else {
                text.unicodeScalars.append(scalars[Int(septet & 0x7F)])
                continue
            }
            guard let code = unread.popFirst(), code != escape else {
                text.unicodeScalars.append(" ")
                continue
            }
            text.unicodeScalars.append(extended(code) ?? scalars[Int(code & 0x7F)])
        }
        return text
    }

    private static let scalars: [Unicode.Scalar] = Array(
        """
        @£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1B}ÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?\
        ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà
        """.unicodeScalars
    )

    private static let extensions: [(code: UInt8, scalar: Unicode.Scalar)] = [
        (0x0A, "\u{0C}"), (0x14, "^"), (0x28, "{"), (0x29, "}"), (0x2F, "\\"),
        (0x3C, "["), (0x3D, "~"), (0x3E, "]"), (0x40, "|"), (0x65, "€"),
    ]

    private static func extended(_ code: UInt8) -> Unicode.Scalar? {
        extensions.first { $0.code == code }?.scalar
    }

    private static let absent: UInt16 = 0xFFFF
    private static let extensionMark: UInt16 = 0x80

    /// The code of each scalar below U+0100; those of the extension table carry the mark.
    private static let latinCodes: [UInt16] = {
        var codes = [UInt16](repeating: absent, count: 0x100)
        for (code, scalar) in scalars.enumerated() where scalar.value < 0x100 {
            codes[Int(scalar.value)] = UInt16(code)
        }
        for (code, scalar) in extensions where scalar.value < 0x100 {
            codes[Int(scalar.value)] = extensionMark | UInt16(code)
        }
        // The escape is no character of its own.
        codes[Int(escape)] = absent
        return codes
    }()

    private static func code(beyondLatin scalar: Unicode.Scalar) -> UInt16 {
        switch scalar {
        case "Δ": 0x10
        case "Φ": 0x12
        case "Γ": 0x13
        case "Λ": 0x14
        case "Ω": 0x15
        case "Π": 0x16
        case "Ψ": 0x17
        case "Σ": 0x18
        case "Θ": 0x19
        case "Ξ": 0x1A
        case "€": extensionMark | 0x65
        default: absent
        }
    }
}
