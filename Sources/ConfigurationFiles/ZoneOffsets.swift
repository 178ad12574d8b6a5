import Foundation

/// The offsets from UTC of a time zone, resolved once so that nothing later needs a calendar.
///
/// Covers the years 2020 to 2040; before and after, the nearest offset stays in force. Offsets come
/// from the zone tables of the machine at the moment of the call.
package struct ZoneOffsets: Hashable, Sendable {
    /// An offset that comes into force.
    package struct Change: Hashable, Sendable {
        /// Milliseconds since 1970-01-01T00:00:00Z.
        package let fromMilliseconds: Int64
        package let offsetMinutes: Int
    }

    /// Minutes east of UTC in force before the first change.
    package let offsetMinutes: Int
    /// In the order of time.
    package let changes: [Change]

    /// Resolves `UTC`, an offset such as `+08:00`, or an IANA name such as `Asia/Shanghai`.
    ///
    /// Nil for anything else. Abbreviations such as `CST` are refused: they name several zones.
    package init?(zone name: String) {
        if let fixed = Self.fixedMinutes(name) {
            offsetMinutes = fixed
            changes = []
            return
        }
        guard name.contains("/"), let zone = TimeZone(identifier: name) else { return nil }
        let offset = { (seconds: Int64) in
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds))) / 60
        }
        var changes: [Change] = []
        var current = offset(Self.firstSecond)
        offsetMinutes = current
        for day in stride(from: Self.firstSecond, to: Self.lastSecond, by: 86_400) {
            let next = offset(day + 86_400)
            guard next != current else { continue }
            let moment = Self.firstMinute(of: next, after: day, through: day + 86_400, offset)
            changes.append(Change(fromMilliseconds: moment * 1000, offsetMinutes: next))
            current = next
        }
        self.changes = changes
    }

    /// 2020-01-01 and 2041-01-01.
    private static let firstSecond: Int64 = 1_577_836_800
    private static let lastSecond: Int64 = 2_240_611_200

    /// The first whole minute at which an offset is in force; days have one change at most.
    private static func firstMinute(
        of wanted: Int,
        after start: Int64,
        through end: Int64,
        _ offset: (Int64) -> Int
    ) -> Int64 {
        var before = start / 60
        var after = end / 60
        while after - before > 1 {
            let middle = (before + after) / 2
            if offset(middle * 60) == wanted { after = middle } else { before = middle }
        }
        return after * 60
    }

    private static func fixedMinutes(_ name: String) -> Int? {
        if name == "UTC" { return 0 }
        let bytes = Array(name.utf8)
        guard bytes.count == 6, bytes[0] == 0x2B || bytes[0] == 0x2D, bytes[3] == 0x3A else {
            return nil
        }
        let digits = [1, 2, 4, 5].map { Int(bytes[$0]) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        guard hours <= 14, minutes <= 59 else { return nil }
        return (bytes[0] == 0x2B ? 1 : -1) * (hours * 60 + minutes)
    }
}
