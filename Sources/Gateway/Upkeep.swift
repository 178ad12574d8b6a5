import Engine
package import JobStorage
package import Recharge

/// What is looked after at the start and from time to time: the books, the clock, and what may be
/// kept no longer.
package struct Upkeep: Sendable {
    private let store: any JobStore
    private let retention: Retention
    private let time: Time

    /// How often it looks whether a new hour has begun.
    private static let pause = Duration.seconds(60)

    package init(store: any JobStore, retention: Retention, time: Time = .system) {
        self.store = store
        self.retention = retention
        self.time = time
    }

    /// Runs before anything is dispatched.
    ///
    /// Law: when in doubt, hold. Books that do not agree hold dispatch, and so does a clock that is
    /// behind the last event that the process before filed.
    package func begin(lastEventAt: Timestamp?) async throws {
        let now = time.utc()
        _ = try await store.auditBooks(at: now)
        guard let lastEventAt else { return }
        let behind = now.duration(to: lastEventAt)
        guard behind > ClockWatch.jumpMax else { return }
        try await store.clockJumped(by: .zero - behind, at: now)
    }

    /// Looks after the queue until cancelled: the books when a day begins in UTC, and each hour
    /// what may be kept no longer, since a gateway that is stopped every night sees no day begin.
    ///
    /// Throws when the store has stopped.
    package func run() async throws {
        do {
            try await watch()
        } catch is CancellationError {
            // The gateway stops; what was under way here is done again.
        }
    }

    private func watch() async throws {
        var clock = ClockWatch(at: time.moment)
        var day = Upkeep.day(time.utc())
        var hour: Int64?
        while !Task.isCancelled {
            try await time.sleep(Upkeep.pause)
            let moment = time.moment
            let now = moment.utc
            // The clockwork may not have looked yet, and then nothing is on hold.
            let hasJumped = clock.jump(at: moment) != nil
            if Upkeep.day(now) != day {
                day = Upkeep.day(now)
                _ = try await store.auditBooks(at: now)
            }
            if !hasJumped, Upkeep.hour(now) != hour {
                hour = Upkeep.hour(now)
                _ = try await store.retain(retention, at: now)
            }
        }
    }

    private static func hour(_ moment: Timestamp) -> Int64 { moment.milliseconds / 3_600_000 }

    private static func day(_ moment: Timestamp) -> Int64 { hour(moment) / 24 }
}
