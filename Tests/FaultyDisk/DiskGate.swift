import Dispatch

/// A place where one call of SQLite waits, so that others can be queued behind it.
package final class DiskGate: Sendable {
    private let reached = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    /// Returns when the call has come.
    package func awaitCall() {
        reached.wait()
    }

    /// Lets the call go on.
    package func open() {
        opened.signal()
    }

    func pass() {
        reached.signal()
        opened.wait()
    }
}
