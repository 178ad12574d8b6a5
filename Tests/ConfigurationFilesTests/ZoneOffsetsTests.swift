import ConfigurationFiles
import Testing

@Test(arguments: [
    ("UTC", 0), ("+08:00", 480), ("-03:30", -210), ("Asia/Shanghai", 480), ("Asia/Kolkata", 330),
])
func zonesWithoutSummerTimeHaveOneOffset(_ name: String, _ minutes: Int) throws {
    let zone = try #require(ZoneOffsets(zone: name))
    #expect(zone.offsetMinutes == minutes)
    #expect(zone.changes.isEmpty)
}

@Test(arguments: ["", "CST", "Asia/Nowhere", "+8", "+8:00", "+15:00", "+08:60", "+0８:00", "utc"])
func whatNamesNoZoneOrSeveralIsRefused(_ name: String) {
    #expect(ZoneOffsets(zone: name) == nil)
}

@Test func summerTimeIsFoundToTheMinute() throws {
    let zone = try #require(ZoneOffsets(zone: "Europe/Berlin"))
    #expect(zone.offsetMinutes == 60)
    #expect(zone.changes.count == 42)
    // 2020-03-29T01:00:00Z and 2020-10-25T01:00:00Z.
    #expect(zone.changes.first?.fromMilliseconds == 1_585_443_600_000)
    #expect(zone.changes.first?.offsetMinutes == 120)
    #expect(zone.changes.dropFirst().first?.fromMilliseconds == 1_603_587_600_000)
    #expect(zone.changes.dropFirst().first?.offsetMinutes == 60)
}
