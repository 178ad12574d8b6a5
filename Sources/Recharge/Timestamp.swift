/// A moment in UTC, in milliseconds since 1970-01-01T00:00:00Z.
///
/// For records, deadlines and windows that survive a restart. It may jump with the wall clock;
/// time-outs use a monotonic reading instead.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment a duration later, cut to whole milliseconds.
    package func advanced(by duration: Duration) -> Timestamp {
        Timestamp(milliseconds: milliseconds + duration.wholeMilliseconds)
    }

    /// How long it is until another moment; negative when that lies before this one.
    package func duration(to other: Timestamp) -> Duration {
        .milliseconds(other.milliseconds - milliseconds)
    }
}

extension Duration {
    /// The duration in milliseconds, cut towards zero.
    package var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}

extension Timestamp {
    /// The civil date of a day number counted from 1970-01-01, in the proleptic Gregorian calendar.
    private static func civil(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }

    /// The civil date at an offset from UTC.
    package func civilDate(offsetMinutes: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let local = milliseconds + offsetMinutes * 60_000
        return Timestamp.civil(day: Int64((Double(local) / 86_400_000).rounded(.down)))
    }

    /// The number of days from 1970-01-01 to a civil date.
    package static func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func daysInMonth(_ month: Int64, year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return switch month {
        case 2: isLeap ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The moment of a civil date and time in a zone; nil when the fields are not a date.
    ///
    /// - Parameters:
    ///   - fields: year, month, day, hour, minute, second, in that order.
    ///   - milliseconds: 0 to 999.
    ///   - offsetMinutes: minutes east of UTC.
    package init?(
        fields: (Int64, Int64, Int64, Int64, Int64, Int64),
        milliseconds: Int64 = 0,
        offsetMinutes: Int64 = 0
    ) {
        let (year, month, day, hour, minute, second) = fields
        guard (1970...9999).contains(year), (1...12).contains(month),
            (1...Timestamp.daysInMonth(month, year: year)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
            (0...999).contains(milliseconds), abs(offsetMinutes) <= 18 * 60
        else { return nil }
        let days = Timestamp.dayNumber(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + (minute - offsetMinutes) * 60 + second
        // In UTC, too, the year has four digits: so it is written, and read again.
        guard (0..<253_402_300_800).contains(seconds) else { return nil }
        self.init(milliseconds: seconds * 1000 + milliseconds)
    }

    /// The moment as RFC 3339 in UTC with milliseconds: `2026-11-23T09:30:00.250Z`.
    package var rfc3339: String {
        let day = Int64((Double(milliseconds) / 86_400_000).rounded(.down))
        let rest = milliseconds - day * 86_400_000
        let date = Timestamp.civil(day: day)
        let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60]
        let time = clock.map { Timestamp.padded($0, 2) }.joined(separator: ":")
        let calendar =
            "\(Timestamp.padded(date.year, 4))-\(Timestamp.padded(date.month, 2))"
            + "-\(Timestamp.padded(date.day, 2))"
        return "\(calendar)T\(time).\(Timestamp.padded(rest % 1000, 3))Z"
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Reads `2026-11-23`, `2026-11-23 17:30`, `2026-11-23T17:30:00.250+08:00` or `…Z`.
    ///
    /// - Parameters:
    ///   - text: the moment as RFC 3339; the time, its seconds and the zone may be missing.
    ///   - offsetMinutes: the zone taken when the text names none.
    package init?(_ text: String, offsetMinutes: Int64 = 0) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2),
            scanner.skip("-"), let day = scanner.number(2)
        else { return nil }
        var clock: (Int64, Int64, Int64) = (0, 0, 0)
        var milliseconds: Int64 = 0
        var zone = offsetMinutes
        if scanner.skip("T") || scanner.skip(" ") {
            guard let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2)
            else { return nil }
            clock = (hour, minute, 0)
            if scanner.skip(":") {
                guard let second = scanner.number(2) else { return nil }
                clock.2 = second
                if scanner.skip(".") {
                    guard let fraction = scanner.number(3) else { return nil }
                    milliseconds = fraction
                }
            }
            guard let named = scanner.zone(otherwise: offsetMinutes) else { return nil }
            zone = named
        }
        guard scanner.isAtEnd else { return nil }
        self.init(
            fields: (year, month, day, clock.0, clock.1, clock.2),
            milliseconds: milliseconds,
            offsetMinutes: zone
        )
    }
}

/// Reads fixed-width ASCII digits and separators from the front of a text.
private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int64? {
        let digits = rest.prefix(width)
        guard digits.count == width, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        rest = rest.dropFirst(width)
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    mutating func zone(otherwise offsetMinutes: Int64) -> Int64? {
        if isAtEnd { return offsetMinutes }
        if skip("Z") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-"), let hours = number(2), skip(":"), let minutes = number(2),
            minutes < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 60 + minutes)
    }
}
