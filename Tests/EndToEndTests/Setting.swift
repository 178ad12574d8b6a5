import Foundation
import TestSupport

/// What `etc/prove` sets to make longer and other runs of a test.
enum Setting {
    static var kills: Int? { number("KILLS") }
    static var jobsPerKill: Int? { number("JOBS_PER_KILL") }
    static var seed: Int? { number("SEED") }

    private static func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

    fileprivate static func text(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["RECHARGED_TEST_\(name)"]
    }
}

extension ProofReport {
    /// Prints it, and leaves it where `etc/prove` looks for it.
    func publish() throws {
        print(text)
        guard let path = Setting.text("REPORT") else { return }
        try TextFile.write(text + "\n", to: path)
    }
}
