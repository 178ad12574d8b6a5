package import Recharge

/// The zone in which a carrier counts its days: offsets from UTC and since when each is in force.
package struct CarrierZone: Hashable, Sendable {
    /// An offset that comes into force.
    package struct Change: Hashable, Sendable {
        package var from: Timestamp
        /// Minutes east of UTC.
        package var offsetMinutes: Int

        package init(from: Timestamp, offsetMinutes: Int) {
            self.from = from
            self.offsetMinutes = offsetMinutes
        }
    }

    /// What is in force before the first change.
    private let firstOffsetMinutes: Int
    private let changes: [Change]

    /// A zone whose offset changes at certain moments, in any order; without changes it is fixed.
    ///
    /// - Parameters:
    ///   - offsetMinutes: minutes east of UTC in force before the first change.
    ///   - changes: the later offsets.
    package init(offsetMinutes: Int, changes: [Change] = []) {
        firstOffsetMinutes = offsetMinutes
        self.changes = changes.sorted { $0.from < $1.from }
    }

    /// Takes changes as zone tables give them: when, in UTC milliseconds, and the offset from then.
    package init(
        offsetMinutes: Int,
        changes: [(fromMilliseconds: Int64, offsetMinutes: Int)]
    ) {
        self.init(
            offsetMinutes: offsetMinutes,
            changes: changes.map { change in
                Change(
                    from: Timestamp(milliseconds: change.fromMilliseconds),
                    offsetMinutes: change.offsetMinutes
                )
            }
        )
    }

    package static let utc = CarrierZone(offsetMinutes: 0)

    package func offsetMinutes(at moment: Timestamp) -> Int {
        changes.last { $0.from <= moment }?.offsetMinutes ?? firstOffsetMinutes
    }

    /// The first moment of the local day that a moment lies in, and the first of the next day.
    ///
    /// On the days on which clocks change it is shorter or longer than 24 hours. Where clocks skip
    /// midnight, the day begins when they do.
    package func dayBounds(containing moment: Timestamp) -> (began: Timestamp, ends: Timestamp) {
        let local = moment.milliseconds + Int64(offsetMinutes(at: moment)) * 60_000
        var day = local / millisecondsPerDay
        if local % millisecondsPerDay < 0 { day -= 1 }
        if moment < beginning(ofDay: day) { day -= 1 }
        if moment >= beginning(ofDay: day + 1) { day += 1 }
        return (beginning(ofDay: day), beginning(ofDay: day + 1))
    }

    /// The first moment of the local month that a moment lies in, and the first of the next.
    package func monthBounds(containing moment: Timestamp) -> (began: Timestamp, ends: Timestamp) {
        let day = dayBounds(containing: moment)
        // Noon of the day, since clocks may have skipped its midnight.
        let noon = day.began.advanced(by: .seconds(12 * 3600))
        let date = noon.civilDate(offsetMinutes: Int64(offsetMinutes(at: noon)))
        let next = date.month == 12 ? (date.year + 1, 1) : (date.year, date.month + 1)
        return (
            beginning(ofDay: Timestamp.dayNumber(year: date.year, month: date.month, day: 1)),
            beginning(ofDay: Timestamp.dayNumber(year: next.0, month: next.1, day: 1))
        )
    }

    /// The moment at which the zone's clocks show a time; the first, where they show it twice.
    ///
    /// - Parameter local: what they show, as if it were UTC.
    /// - Returns: nil for a time that they skip.
    func moment(local: Timestamp) -> Timestamp? {
        let offsets = Set(changes.map(\.offsetMinutes)).union([firstOffsetMinutes])
        return offsets.compactMap { offset in
            let moment = Timestamp(milliseconds: local.milliseconds - Int64(offset) * 60_000)
            return offsetMinutes(at: moment) == offset ? moment : nil
        }.min()
    }

    /// The first moment of a local day, counted from 1970-01-01.
    private func beginning(ofDay day: Int64) -> Timestamp {
        let midnight = day * millisecondsPerDay
        if let first = moment(local: Timestamp(milliseconds: midnight)) { return first }
        let skipping = changes.first { change in
            let before = offsetMinutes(at: change.from.advanced(by: .milliseconds(-1)))
            let from = change.from.milliseconds
            return from + Int64(before) * 60_000 <= midnight
                && midnight <= from + Int64(change.offsetMinutes) * 60_000
        }
        return skipping?.from
            ?? Timestamp(milliseconds: midnight - Int64(firstOffsetMinutes) * 60_000)
    }
}

private let millisecondsPerDay: Int64 = 86_400_000
