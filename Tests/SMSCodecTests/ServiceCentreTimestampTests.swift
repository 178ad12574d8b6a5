import TestSupport
import Testing

@testable import SMSCodec

struct ServiceCentreTimestampTests {
    private func stamp(_ hex: String) throws -> ServiceCentreTimestamp {
        ServiceCentreTimestamp(octets: SevenOctets(try Hexadecimal.octets(hex)))
    }

    private func hex(_ stamp: ServiceCentreTimestamp) -> String {
        var octets: [UInt8] = []
        stamp.octets.append(to: &octets)
        return Hexadecimal.text(octets)
    }

    @Test func fieldsAreSwappedDigits() throws {
        let time = try stamp("99309251619580")
        #expect(
            [time.year, time.month, time.day, time.hour, time.minute, time.second]
                == [1999, 3, 29, 15, 16, 59]
        )
        #expect(time.quarterHours == 8)
        #expect(time.utcMilliseconds == 922_713_419_000)
    }

    @Test(
        arguments: [
            (0, "00"), (8, "80"), (32, "23"), (-24, "4A"), (-14, "49"), (-1, "18"), (-79, "9F"),
            (79, "97"),
            (47, "74"),
        ] as [(Int, String)]
    )
    func zonesOfBothSignsRoundTrip(quarterHours: Int, octet: String) throws {
        let time = try ServiceCentreTimestamp(
            year: 2024,
            month: 5,
            day: 6,
            hour: 7,
            minute: 8,
            second: 9,
            quarterHours: quarterHours
        )
        #expect(hex(time) == "425060708090" + octet)
        #expect(try stamp("425060708090" + octet).quarterHours == quarterHours)
        #expect(time.utcMilliseconds == 1_714_979_289_000 - Int64(quarterHours) * 900_000)
    }

    @Test func momentsRoundTripThroughLocalTime() throws {
        var random = SplitMix64(seed: 2)
        for _ in 0..<20_000 {
            let seconds = Int64.random(in: 631_238_400..<3_786_825_600, using: &random)
            let zone = Int.random(in: -79...79, using: &random)
            let time = try ServiceCentreTimestamp(
                utcMilliseconds: seconds * 1000 + 999,
                quarterHours: zone
            )
            if time.utcMilliseconds != seconds * 1000 || time.quarterHours != zone {
                Issue.record("\(seconds) s in zone \(zone)")
            }
        }
    }

    @Test(
        arguments: [
            (951_782_400, 2000, 2, 29), (951_868_800, 2000, 3, 1), (1_709_164_800, 2024, 2, 29),
            (1_735_603_200, 2024, 12, 31), (1_735_689_600, 2025, 1, 1), (631_152_000, 1990, 1, 1),
            (3_786_825_600, 2089, 12, 31),
        ] as [(Int, Int, Int, Int)]
    )
    func calendarKnowsLeapYears(seconds: Int, year: Int, month: Int, day: Int) throws {
        let time = try ServiceCentreTimestamp(
            utcMilliseconds: Int64(seconds) * 1000,
            quarterHours: 0
        )
        #expect([time.year, time.month, time.day] == [year, month, day])
        #expect(time.utcMilliseconds == Int64(seconds) * 1000)
    }

    @Test(arguments: [
        "00000000000000", "42130070809000", "42502370809000", "42200370809000", "42506042809000",
        "4250607006FA00", "FFFFFFFFFFFFFF", "425060708090A0", "42506070800600",
    ])
    func whatIsNoDateIsKeptAndHasNoMoment(octets: String) throws {
        let time = try stamp(octets)
        #expect(time.utcMilliseconds == nil)
        #expect(hex(time) == octets)
    }

    @Test(arguments: [Int64.min, Int64.max, 0, 631_151_999_000, 3_786_912_000_000] as [Int64])
    func momentsOutsideTheCenturyAreRefused(milliseconds: Int64) {
        #expect(throws: PDUError.self) {
            try ServiceCentreTimestamp(utcMilliseconds: milliseconds, quarterHours: 0)
        }
    }

    @Test(arguments: [80, -80, Int.min, Int.max])
    func zonesThatDoNotFitAreRefused(quarterHours: Int) {
        #expect(throws: PDUError.self) {
            try ServiceCentreTimestamp(
                utcMilliseconds: 1_714_979_289_000,
                quarterHours: quarterHours
            )
        }
    }
}
