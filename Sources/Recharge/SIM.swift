/// An agent SIM as the gateway knows it.
package struct SIM: Hashable, Sendable {
    /// Whether it may work.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// Seen, not enrolled by a person. → enabled, retired
        case quarantined
        /// Works. → paused, quarantined, retired
        case enabled
        /// Stopped by a person or by its own fault, such as a wrong PIN.
        /// → enabled, quarantined, retired
        case paused
        /// Out of service for ever. Final.
        case retired
    }

    package var iccid: ICCID
    package var imsi: IMSI?
    package var carrier: CarrierID
    package var label: String?
    package var state: State
    /// Why it is paused or quarantined, for people.
    package var stateReason: String?
    /// Its float as the carrier last stated it; nil before the first statement.
    package var balance: Amount?
    /// Count and sum of what it armed today and was not refused.
    package var today: DayUse
    /// Until when it stays fenced after a doubt.
    package var fencedUntil: Timestamp?
    /// Its enrolment that waits for a second person.
    package var proposal: Proposal.ID?
    /// Whether it must not work yet: nobody compared its history since a backup was restored.
    package var isBehindRestore = false

    package init(iccid: ICCID, carrier: CarrierID, state: State) {
        self.iccid = iccid
        self.carrier = carrier
        self.state = state
        today = DayUse(count: 0, minorUnits: 0)
    }
}

/// How much of its day limits a SIM has used.
package struct DayUse: Hashable, Sendable {
    package var count: Int
    package var minorUnits: Int64

    package init(count: Int, minorUnits: Int64) {
        self.count = count
        self.minorUnits = minorUnits
    }
}

/// How fast and how much one SIM may recharge.
///
/// Nil or zero: no limit.
package struct SIMLimits: Hashable, Sendable {
    /// Tokens a minute of the bucket, and how many it holds.
    package var perMinute: Int?
    package var burst: Int
    /// The least time between two attempts.
    package var gap: Duration
    package var perDayCount: Int?
    package var perDayMinorUnits: Int64?

    package init(
        perMinute: Int? = nil,
        burst: Int = 1,
        gap: Duration = .zero,
        perDayCount: Int? = nil,
        perDayMinorUnits: Int64? = nil
    ) {
        self.perMinute = perMinute
        self.burst = burst
        self.gap = gap
        self.perDayCount = perDayCount
        self.perDayMinorUnits = perDayMinorUnits
    }

    package static let unlimited = SIMLimits()
}

/// What a free SIM asks of the queue.
///
/// The store answers it in one transaction with the limits.
package struct ClaimRequest: Hashable, Sendable {
    package var sim: ICCID
    package var carrier: CarrierID
    package var limits: SIMLimits
    package var uses: ClaimUses
    /// When the day began for which the day limits count, in the profile's zone.
    package var dayBegan: Timestamp
    /// When the next one begins: a SIM at its day limit asks again then.
    package var dayEnds: Timestamp
    /// The day for which clients and all together are counted; nil: the same.
    package var ownDay: Range<Timestamp>?
    /// How long the lease holds if nothing is armed.
    package var lease: Duration

    package init(
        sim: ICCID,
        carrier: CarrierID,
        limits: SIMLimits,
        uses: ClaimUses = .none,
        dayBegan: Timestamp,
        dayEnds: Timestamp,
        ownDay: Range<Timestamp>? = nil,
        lease: Duration
    ) {
        self.sim = sim
        self.carrier = carrier
        self.limits = limits
        self.uses = uses
        self.dayBegan = dayBegan
        self.dayEnds = dayEnds
        self.ownDay = ownDay
        self.lease = lease
    }
}

/// The answer to a claim.
package enum ClaimAnswer: Hashable, Sendable {
    /// Leased to the SIM that asked.
    case claimed(Job)
    /// No job for it now. The store remembers the SIM and wakes it when there may be one.
    case nothing
    /// A limit forbids one before this moment.
    case limited(until: Timestamp, LimitReason)
    /// Dispatch is stopped for this SIM: the gateway is on hold, or the SIM is not enabled, or it
    /// is fenced. The store wakes the SIM when that ends.
    case stopped
}

/// Which limit stands in the way of a SIM.
package enum LimitReason: String, Hashable, Sendable {
    case rate
    case gap
    case dayCount = "day_count"
    case daySum = "day_sum"
    case simUse = "sim_limit"
    case carrierUse = "carrier_limit"
    case globalUse = "global_limit"
    /// Batches wait for their clients' limits, and there is nothing else.
    case clientUse = "client_limit"
    case fenced
    /// The SIM's float is below what its profile wants it to keep.
    case lowFloat = "low_float"
    /// The disk is nearly full: nothing new is begun.
    case diskFull = "disk_full"
}
