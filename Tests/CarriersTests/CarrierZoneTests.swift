import Carriers
import ConfigurationFiles
import Recharge
import Testing

private func zone(_ name: String) throws -> CarrierZone {
    let offsets = try #require(ZoneOffsets(zone: name))
    return CarrierZone(
        offsetMinutes: offsets.offsetMinutes,
        changes: offsets.changes.map {
            .init(from: .init(milliseconds: $0.fromMilliseconds), offsetMinutes: $0.offsetMinutes)
        }
    )
}

@Test(arguments: [
    ("UTC", "2026-11-23T12:00:00Z", "2026-11-23T00:00:00.000Z", "2026-11-24T00:00:00.000Z"),
    (
        "Asia/Shanghai", "2026-11-23T15:59:59.999Z", "2026-11-22T16:00:00.000Z",
        "2026-11-23T16:00:00.000Z"
    ),
    (
        "Asia/Shanghai", "2026-11-23T16:00:00Z", "2026-11-23T16:00:00.000Z",
        "2026-11-24T16:00:00.000Z"
    ),
    // Clocks go forward at 02:00: 23 hours. Back at 03:00: 25 hours.
    (
        "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00.000Z",
        "2026-03-29T22:00:00.000Z"
    ),
    (
        "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00.000Z",
        "2026-10-25T23:00:00.000Z"
    ),
    // Clocks skip midnight: the day begins at 01:00.
    (
        "Asia/Beirut", "2026-03-29T12:00:00Z", "2026-03-28T22:00:00.000Z",
        "2026-03-29T21:00:00.000Z"
    ),
    // Clocks go back at midnight to 23:00: the day before has 25 hours.
    (
        "Asia/Beirut", "2026-10-24T21:30:00Z", "2026-10-23T21:00:00.000Z",
        "2026-10-24T22:00:00.000Z"
    ),
])
func aDayRunsFromLocalMidnightToTheNext(
    _ name: String,
    _ moment: String,
    _ began: String,
    _ ends: String
) throws {
    let bounds = try zone(name).dayBounds(containing: try #require(Timestamp(moment)))
    #expect(bounds.began.rfc3339 == began)
    #expect(bounds.ends.rfc3339 == ends)
}

@Test(arguments: [
    "UTC", "Asia/Shanghai", "Europe/Berlin", "Asia/Beirut", "America/St_Johns", "Africa/Casablanca",
    "Pacific/Chatham", "America/Havana", "+14:00", "-12:00",
])
func everyMomentLiesInItsDayAndDaysTouch(_ name: String) throws {
    let zone = try zone(name)
    var moment = try #require(Timestamp("2025-01-01T00:13:00Z"))
    let end = try #require(Timestamp("2027-01-01"))
    while moment < end {
        let day = zone.dayBounds(containing: moment)
        #expect(day.began <= moment && moment < day.ends)
        #expect(zone.dayBounds(containing: day.ends).began == day.ends)
        #expect((22...26).contains(day.began.duration(to: day.ends) / .seconds(3600)))
        moment = moment.advanced(by: .seconds(11 * 3600 + 1800))
    }
}
