import Engine
package import JobStorage
import Recharge

/// The pulse of the gateway: makes due what is due, and feeds the watchdog while that works.
///
/// A wall clock that was set by more than five minutes holds dispatch.
///
/// Each beat goes through the store's writer and through the supervisor, so a watchdog that is fed
/// means that both make progress.
package struct Clockwork: Sendable {
    private let store: any JobStore
    private let supervisor: Supervisor
    private let notifier: SystemdNotifier
    private let time: Time

    private static let beat: Duration = .seconds(1)

    package init(
        store: any JobStore,
        supervisor: Supervisor,
        notifier: SystemdNotifier,
        time: Time = .system
    ) {
        self.store = store
        self.supervisor = supervisor
        self.notifier = notifier
        self.time = time
    }

    /// Beats until cancelled.
    ///
    /// Throws when the store has stopped.
    package func run() async throws {
        var clock = ClockWatch(at: time.moment)
        while !Task.isCancelled {
            let moment = time.moment
            if let jump = clock.jump(at: moment) {
                try await store.clockJumped(by: jump, at: moment.utc)
            }
            // The moment that was looked at: the clock may have been set since.
            let next = try await store.promote(at: moment.utc)
            let workers = await supervisor.view.workers()
            notifier.send("WATCHDOG=1\nSTATUS=\(workers.count) SIMs at work")
            var pause = Clockwork.beat
            if let next {
                pause = min(pause, max(.milliseconds(10), time.utc().duration(to: next)))
            }
            do {
                try await time.sleep(pause)
            } catch is CancellationError {
                return
            }
        }
    }
}
