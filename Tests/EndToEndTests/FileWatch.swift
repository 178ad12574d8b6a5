import Foundation
import Glibc

/// Counts what the kernel reports of a file or a folder, and acts at a count.
///
/// So the moment of a kill is drawn without a clock: at the n-th charge of the carrier, or at the
/// n-th write to the queue.
final class FileWatch: Sendable {
    private let descriptor: Int32

    /// Watches from now on.
    ///
    /// - Parameters:
    ///   - path: a file, or a folder with all that is in it.
    ///   - kinds: the reports that count, of inotify(7).
    /// - Throws: ``TestFailure`` when it is not there.
    init(_ path: String, _ kinds: Int32) throws {
        descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard descriptor >= 0, inotify_add_watch(descriptor, path, UInt32(kinds)) >= 0 else {
            throw TestFailure.system("watch \(path)")
        }
    }

    deinit {
        close(descriptor)
    }

    /// Lets the count begin anew.
    func forget() {
        while reports() > 0 {}
    }

    /// Acts at the n-th report since ``forget()``, on the thread that reads it.
    ///
    /// - Returns: false when the reports stopped before; it has acted all the same.
    func act(at count: Int, _ action: @escaping @Sendable () -> Void) async -> Bool {
        await withCheckedContinuation { waiter in
            Thread.detachNewThread { [self] in
                var missing = count
                var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                while missing > 0, poll(&watched, 1, FileWatch.silenceMax) > 0 {
                    missing -= reports()
                }
                action()
                waiter.resume(returning: missing <= 0)
            }
        }
    }

    /// In milliseconds: longer than any SIM rests.
    private static let silenceMax: Int32 = 30_000

    /// Takes what the kernel has: 16 bytes each and a name, whose length is the last of them.
    private func reports() -> Int {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let end = read(descriptor, &bytes, bytes.count)
        var count = 0
        var position = 0
        while position < end {
            let nameBytes = bytes.withUnsafeBytes {
                $0.loadUnaligned(fromByteOffset: position + 12, as: UInt32.self)
            }
            position += 16 + Int(nameBytes)
            count += 1
        }
        return count
    }
}
