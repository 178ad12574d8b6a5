package import TestSupport

/// What a power cut makes of writes that were not synced.
///
/// Each sector of 512 octets keeps, on its own, one of the contents it had since the last sync: so
/// writes are dropped, torn and reordered. The last content of a sector may be garbage where it was
/// being written.
package struct PowerLoss: Sendable {
    /// In how many of a hundred cases a sector keeps none of the writes that follow.
    var freezePercent: Int
    /// In how many of a hundred such cases what was being written is garbage.
    var garbagePercent: Int

    /// Nothing that was not synced is left.
    package static let whole = PowerLoss(freezePercent: 100, garbagePercent: 0)
    /// Everything is left: the death of a process, not of the machine.
    package static let none = PowerLoss(freezePercent: 0, garbagePercent: 0)

    package static func random(using generator: inout SplitMix64) -> PowerLoss {
        let percents = [0, 5, 20, 50, 80, 95, 100, 100]
        return PowerLoss(
            freezePercent: percents[generator.next(below: percents.count)],
            garbagePercent: generator.chance(30) ? 20 : 0
        )
    }
}
