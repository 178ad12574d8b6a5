import ATProtocol
import Carriers
import Recharge

/// UTC as it was when a worker took over its SIM, going on evenly even when the clock is set.
///
/// When a request is dead, an answer too late or a statement fresh decides about money, so it is
/// measured by this clock alone. What is filed carries the wall clock.
struct SteadyClock: Hashable, Sendable {
    private let start: Moment

    init(at start: Moment) {
        self.start = start
    }

    func reading(at now: Moment) -> Timestamp {
        start.utc.advanced(by: start.instant.duration(to: now.instant))
    }

    /// The latest that it may be: whatever somebody still remembers may be as old as that.
    ///
    /// A host that slept stopped the monotonic clock, not the one on the wall.
    func latest(at now: Moment) -> Timestamp {
        max(reading(at: now), now.utc)
    }

    /// The monotonic reading at which a moment comes; never before now.
    func instant(of moment: Timestamp, at now: Moment) -> Instant {
        now.instant.advanced(by: max(.zero, reading(at: now).duration(to: moment)))
    }

    /// What the wall clock shows at a moment, if nobody sets it until then.
    func wall(_ moment: Timestamp, at now: Moment) -> Timestamp {
        now.utc.advanced(by: reading(at: now).duration(to: moment))
    }
}

extension SIMAdmission {
    /// The same as it looks to a worker that begins now.
    ///
    /// The wall clock may have been set since any of it was filed, so how long ago that was is not
    /// known. What must have died of age counts as born now; what was received, as received by now.
    func inherited(at start: Timestamp, _ profile: CarrierProfile) -> SIMAdmission {
        var admission = self
        for (place, attempt) in unresolved.enumerated() {
            admission.unresolved[place].armedAt = min(attempt.armedAt, start)
            guard attempt.deadAt != nil else { continue }
            // When it was armed the profile may have been another.
            let life = max(profile.fence, attempt.life ?? .zero)
            admission.unresolved[place].deadAt = start.advanced(by: life)
        }
        for place in inquiries.indices {
            admission.inquiries[place].askedAt = min(inquiries[place].askedAt, start)
            admission.inquiries[place].answersUntil = start.advanced(by: profile.answerWindow)
        }
        for place in closed.indices {
            admission.closed[place].closedAt = min(closed[place].closedAt, start)
        }
        return admission
    }
}
