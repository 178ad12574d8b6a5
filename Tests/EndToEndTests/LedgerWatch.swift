import Foundation
import Glibc

/// Tells when the carrier charges: the kernel reports each write to the ledger.
final class LedgerWatch: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard descriptor >= 0, inotify_add_watch(descriptor, path, UInt32(IN_MODIFY)) >= 0 else {
            throw TestFailure.system("watch \(path)")
        }
    }

    deinit {
        close(descriptor)
    }

    /// Waits for the next charge; false when none comes in time.
    func nextCharge(within milliseconds: Int32) async -> Bool {
        await withCheckedContinuation { waiter in
            Thread.detachNewThread { [self] in
                forgetPast()
                var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                waiter.resume(returning: poll(&watched, 1, milliseconds) > 0)
            }
        }
    }

    private func forgetPast() {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }
}
