import Dispatch
import Foundation
import Glibc

/// `fuzz TARGET [FOLDERS, FILES AND OPTIONS OF LIBFUZZER]`; `etc/prove fuzz` starts it.
///
/// A target that traps, or that says what did not hold, ends the process, and libFuzzer leaves the
/// input behind.
@main
struct FuzzDriver {
    static func main() {
        guard CommandLine.arguments.count > 1,
            let target = FuzzTarget(rawValue: CommandLine.arguments[1])
        else {
            say("usage: fuzz \(FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")) …")
            exit(64)
        }
        chosen = target
        var arguments = Optional(CommandLine.unsafeArgv + 1)
        var count = CommandLine.argc - 1
        exit(runDriver(&count, &arguments, test))
    }

    private static func say(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    /// Set once, before the first run.
    nonisolated(unsafe) static var chosen = FuzzTarget.pdu

    private static let test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt = { start, count in
        let bytes = Array(UnsafeBufferPointer(start: start, count: count))
        do {
            if chosen == .http {
                try wait { try await chosen.run(bytes) }
            } else {
                try chosen.runAtOnce(bytes)
            }
        } catch {
            say("violation: \(error)")
            abort()
        }
        return 0
    }

    /// Runs a task to its end on libFuzzer's thread.
    private static func wait(_ body: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Outcome()
        let done = DispatchSemaphore(value: 0)
        Task {
            do { try await body() } catch { outcome.error = error }
            done.signal()
        }
        done.wait()
        if let error = outcome.error { throw error }
    }

    /// Written by the task before it signals, read after.
    private final class Outcome: @unchecked Sendable {
        var error: (any Error)?
    }
}

/// libFuzzer's loop; its own `main` is not linked, for an executable of SwiftPM brings one.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
