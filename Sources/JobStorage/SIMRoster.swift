import Recharge

/// The SIMs at work, and which of them wait for what.
///
/// Parking and waking are both decided inside the writer, so no job can come between a claim that
/// found nothing and the parking of its SIM. As many SIMs are woken as jobs came. One that was
/// woken and cannot take a job after all passes its wake on to the next that has not looked since
/// the job came: a generation counts the arrivals, so each SIM looks at most once per arrival.
struct SIMRoster: Sendable {
    /// What a SIM waits for.
    enum Rest: Sendable {
        /// For a job that it may take.
        case job
        /// For its hold, pause, fence or day limit to end.
        case permission
    }

    private struct Mark: Sendable {
        var carrier: CarrierID
        var load = DayUse(count: 0, minorUnits: 0)
        var rest: Rest?
        /// The carrier's generation when the SIM last looked for a job.
        var generation = 0
        /// Woken for a job and not heard of since.
        var owesClaim = false
    }

    private var marks: [ICCID: Mark] = [:]
    private var generations: [CarrierID: Int] = [:]
    private var wakes: [ICCID] = []

    /// The carriers of SIMs that wait for jobs, with how many do.
    var hungry: [CarrierID: Int] {
        var hungry: [CarrierID: Int] = [:]
        for mark in marks.values where mark.rest == .job { hungry[mark.carrier, default: 0] += 1 }
        return hungry
    }

    func generation(of carrier: CarrierID) -> Int {
        generations[carrier, default: 0]
    }

    /// Whether another SIM of the carrier works here.
    func hasOther(than iccid: ICCID, of carrier: CarrierID) -> Bool {
        marks.contains { $0.key != iccid && $0.value.carrier == carrier }
    }

    mutating func join(_ iccid: ICCID, carrier: CarrierID) {
        marks[iccid] = Mark(carrier: carrier)
    }

    /// Forgets a SIM; a wake that it owes goes to another, and the jobs kept from another go free.
    mutating func leave(_ iccid: ICCID) {
        guard let mark = marks.removeValue(forKey: iccid) else { return }
        jobsCame(hungry[mark.carrier, default: 0], for: mark.carrier)
    }

    /// Notes that a SIM has a job.
    mutating func took(_ iccid: ICCID, carrier: CarrierID, load: DayUse) {
        marks[iccid] = Mark(
            carrier: carrier,
            load: load,
            generation: generations[carrier, default: 0]
        )
    }

    /// Parks a SIM whose claim gave it nothing.
    ///
    /// - Parameters:
    ///   - iccid: the SIM.
    ///   - carrier: its carrier.
    ///   - rest: what it waits for.
    ///   - load: its use of the day, by which the least loaded is woken first.
    ///   - leavesJobs: whether there are jobs that another SIM might take.
    mutating func park(
        _ iccid: ICCID,
        carrier: CarrierID,
        for rest: Rest,
        load: DayUse,
        leavesJobs: Bool
    ) {
        let owesClaim = marks[iccid]?.owesClaim ?? false
        marks[iccid] = Mark(
            carrier: carrier,
            load: load,
            rest: rest,
            generation: generations[carrier, default: 0]
        )
        if owesClaim, leavesJobs { wake(1, of: carrier, onlyBehind: true) }
    }

    /// Wakes as many SIMs as jobs came.
    mutating func jobsCame(_ count: Int, for carrier: CarrierID) {
        generations[carrier, default: 0] += 1
        wake(count, of: carrier, onlyBehind: false)
    }

    /// Wakes one SIM if it is parked: what it may do has changed.
    mutating func wake(_ iccid: ICCID) {
        guard marks[iccid]?.rest != nil else { return }
        marks[iccid]?.rest = nil
        wakes.append(iccid)
    }

    /// Wakes every parked SIM.
    mutating func wakeAll() {
        for iccid in byLoad(marks.filter { $0.value.rest != nil }) { wake(iccid) }
    }

    /// The wakes to send after the commit.
    mutating func takeWakes() -> [ICCID] {
        defer { wakes = [] }
        return wakes
    }

    private mutating func wake(_ count: Int, of carrier: CarrierID, onlyBehind: Bool) {
        guard count > 0 else { return }
        let generation = generations[carrier, default: 0]
        let candidates = marks.filter { _, mark in
            mark.carrier == carrier && mark.rest == .job
                && (!onlyBehind || mark.generation < generation)
        }
        for iccid in byLoad(candidates).prefix(count) {
            marks[iccid]?.rest = nil
            marks[iccid]?.owesClaim = true
            wakes.append(iccid)
        }
    }

    private func byLoad(_ marks: [ICCID: Mark]) -> [ICCID] {
        marks.sorted { left, right in
            (left.value.load.count, left.value.load.minorUnits, left.key.digits)
                < (right.value.load.count, right.value.load.minorUnits, right.key.digits)
        }.map(\.key)
    }
}
