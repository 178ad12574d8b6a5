import SMSCodec
import Testing

struct ValidityPeriodTests {
    private static let day = 86_400

    @Test(
        arguments: [
            (0, 300), (1, 600), (143, 43_200), (144, 45_000), (167, day), (168, 2 * day),
            (170, 4 * day),
            (196, 30 * day), (197, 35 * day), (255, 63 * 7 * day),
        ] as [(Int, Int)]
    )
    func stepsAreThoseOfTheSpecification(octet: Int, seconds: Int) {
        let period = ValidityPeriod.relative(UInt8(octet))
        #expect(period.duration == .seconds(seconds))
        #expect(ValidityPeriod.relative(atLeast: .seconds(seconds)) == period)
    }

    @Test(
        arguments: [
            (-5, 0), (0, 0), (1, 0), (301, 1), (43_201, 144), (86_401, 168), (30 * day + 1, 197),
            (64 * 7 * day, 255),
        ] as [(Int, Int)]
    )
    func durationsRoundUp(seconds: Int, octet: Int) {
        #expect(
            ValidityPeriod.relative(atLeast: .seconds(seconds)) == .relative(UInt8(octet))
        )
    }

    @Test func periodIsNeverShorterThanAskedWithinTheRange() throws {
        for minutes in stride(from: 1, to: 63 * 7 * 24 * 60, by: 97) {
            let asked = Duration.seconds(minutes * 60)
            #expect(try #require(ValidityPeriod.relative(atLeast: asked).duration) >= asked)
        }
    }

    @Test func fixedFormatsHaveNoDuration() throws {
        #expect(ValidityPeriod.absolute(try sampleTimestamp()).duration == nil)
        #expect(ValidityPeriod.enhanced(SevenOctets([0x41])).duration == nil)
    }

    @Test(arguments: [(1, 1), (30, 30), (255, 255)])
    func shortPeriodsCountSeconds(asked: Int, octet: UInt8) throws {
        let period = ValidityPeriod.lasting(atLeast: .seconds(asked))
        #expect(period == .enhanced(SevenOctets([0x02, octet])))
        #expect(period.duration == .seconds(asked))
    }

    @Test func periodsBetweenTheFormatsAreNeverShorter() {
        #expect(ValidityPeriod.lasting(atLeast: .milliseconds(1500)).duration == .seconds(2))
        #expect(ValidityPeriod.lasting(atLeast: .seconds(256)) == .relative(0))
        #expect(ValidityPeriod.lasting(atLeast: .zero) == .relative(0))
    }
}
