/// A moment as a service centre stamps it: local time to the second and the zone it is in.
///
/// ```
/// octet   0  1  2  3  4  5  6
///         YY MM DD hh mm ss zone      swapped decimal digits; bit 3 of the zone is its sign
/// ```
/// Two-digit years from 90 are 19xx. A digit that is not decimal reads as 0, and the octets are
/// kept as they came (3GPP 23.040 §9.2.3.11).
package struct ServiceCentreTimestamp: Hashable, Sendable {
    package let octets: SevenOctets

    package init(octets: SevenOctets) {
        self.octets = octets
    }

    /// A local time; throws when it is no date from 1990 to 2089 or the zone exceeds 79 quarters.
    package init(
        year: Int,
        month: Int,
        day: Int,
        hour: Int,
        minute: Int,
        second: Int,
        quarterHours: Int
    ) throws(PDUError) {
        guard Self.years.contains(year), (-79...79).contains(quarterHours),
            CivilDate(year: year, month: month, day: day).isValid,
            Self.isTimeOfDay(hour, minute, second)
        else {
            throw .encoding(
                .serviceCentreTimestamp,
                .malformed("not a time from 1990 to 2089 in a zone")
            )
        }
        let sign: UInt8 = quarterHours < 0 ? 0b1000 : 0
        let fields = [year % 100, month, day, hour, minute, second].map(Self.semiOctets)
        octets = SevenOctets(fields + [Self.semiOctets(abs(quarterHours)) | sign])
    }

    /// The local time, in a zone that many quarters of an hour from UTC, of a moment.
    package init(utcMilliseconds: Int64, quarterHours: Int) throws(PDUError) {
        // Clamping keeps any input inside the arithmetic and outside the years.
        let bound: Int64 = 1 << 50
        let seconds =
            min(max(utcMilliseconds, -bound), bound).flooredQuotient(1000)
            + Int64(min(max(quarterHours, -100), 100)) * 900
        let days = seconds.flooredQuotient(86_400)
        let secondOfDay = Int(seconds - days * 86_400)
        let date = CivilDate(daysSince1970: days)
        try self.init(
            year: date.year,
            month: date.month,
            day: date.day,
            hour: secondOfDay / 3600,
            minute: secondOfDay / 60 % 60,
            second: secondOfDay % 60,
            quarterHours: quarterHours
        )
    }

    package var year: Int { digits(0) + (digits(0) < 90 ? 2000 : 1900) }
    package var month: Int { digits(1) }
    package var day: Int { digits(2) }
    package var hour: Int { digits(3) }
    package var minute: Int { digits(4) }
    package var second: Int { digits(5) }

    /// The distance of the local time from UTC in quarters of an hour, east positive.
    package var quarterHours: Int {
        let magnitude = Self.value(octets[6] & ~0b1000)
        return octets[6] & 0b1000 == 0 ? magnitude : -magnitude
    }

    /// Milliseconds since 1970 in UTC, nil when the fields are not a date.
    package var utcMilliseconds: Int64? {
        let date = CivilDate(year: year, month: month, day: day)
        guard (0..<7).allSatisfy({ isDecimal($0) }), date.isValid,
            Self.isTimeOfDay(hour, minute, second)
        else { return nil }
        let seconds =
            date.daysSince1970 * 86_400 + Int64(hour * 3600 + minute * 60 + second)
            - Int64(quarterHours) * 900
        return seconds * 1000
    }

    private static let years = 1990...2089

    private static func isTimeOfDay(_ hour: Int, _ minute: Int, _ second: Int) -> Bool {
        (0...23).contains(hour) && (0...59).contains(minute) && (0...59).contains(second)
    }

    private func digits(_ index: Int) -> Int { Self.value(octets[index]) }

    private func isDecimal(_ index: Int) -> Bool {
        let octet = index == 6 ? octets[6] & ~0b1000 : octets[index]
        return octet & 0x0F <= 9 && octet >> 4 <= 9
    }

    private static func value(_ octet: UInt8) -> Int {
        let tens = octet & 0x0F
        let ones = octet >> 4
        return Int(tens <= 9 ? tens : 0) * 10 + Int(ones <= 9 ? ones : 0)
    }

    /// The digits of a number from 0 to 99, swapped.
    private static func semiOctets(_ value: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (value % 10) << 4 | value / 10)
    }
}
