/// Reads the answers that name the SIM and the transceiver.
///
/// Each function takes all information lines and returns the first value that is one, as
/// plain text; nil if there is none. An answer may carry a prefix and quotes.
package enum IdentityResponse {
    /// The ICCID: 18 to 20 hex digits that begin with 89 (ITU-T E.118), in capitals.
    ///
    /// The filler `F` at the end is dropped. Some carriers number with hex letters inside. A
    /// value with swapped nibbles (98…) is refused rather than guessed at.
    package static func iccid(_ lines: [String]) -> String? {
        values(lines, prefixes: ["+CCID:", "+ICCID:", "^ICCID:", "ICCID:"]).lazy
            .map { value in
                var digits = value.uppercased()
                while digits.hasSuffix("F") { digits.removeLast() }
                return digits
            }
            .first { digits in
                (18...20).contains(digits.utf8.count) && digits.utf8.starts(with: "89".utf8)
                    && (digits + digits).isHexOctets
            }
    }

    /// The IMEI of 15 digits, or the IMEISV of 16 (3GPP 23.003 §6.2).
    package static func imei(_ lines: [String]) -> String? {
        values(lines, prefixes: ["+CGSN:"]).first {
            (15...16).contains($0.utf8.count) && $0.isDecimalDigits
        }
    }

    /// The IMSI of 14 or 15 digits (3GPP 23.003 §2.2).
    package static func imsi(_ lines: [String]) -> String? {
        values(lines, prefixes: ["+CIMI:"]).first {
            (14...15).contains($0.utf8.count) && $0.isDecimalDigits
        }
    }

    /// Maker, model or revision as words, without prefix and quotes.
    package static func words(_ lines: [String]) -> String? {
        values(lines, prefixes: ["+CGMI:", "+CGMM:", "+CGMR:", "Revision:"]).first {
            !$0.isEmpty
        }
    }

    private static func values(_ lines: [String], prefixes: [String]) -> [String] {
        lines.map { line in
            let prefix = prefixes.first { line.utf8.starts(with: $0.utf8) } ?? ""
            return ResponseFields(line, prefix: prefix)?[0]?.text ?? ""
        }
    }
}
