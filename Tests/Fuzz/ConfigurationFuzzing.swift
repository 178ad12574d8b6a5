import ConfigurationFiles
import Documents
import JobStorage
import Recharge
import TestSupport

@testable import recharged

/// The file of the daemon: what it refuses has its place, what it takes is within its bounds.
enum ConfigurationFuzzing {
    static func run(_ bytes: [UInt8]) throws {
        let folders = StandardFolders(environment: ["HOME": "/home/mei"])
        let read = try DocumentFuzzing.read(bytes) { document throws(DocumentError) in
            try DaemonConfiguration(reading: document, folders: folders)
        }
        guard let read else { return }
        try demand((1...256).contains(read.simsMax), "sims_max is \(read.simsMax)")
        try demand(
            read.stopGrace >= .seconds(1) && read.stopGrace <= .seconds(3600),
            "stop_grace is \(read.stopGrace)"
        )
        try demand((1...2).contains(read.approvals.people), "\(read.approvals)")
        let kept = read.retention
        for age in [kept.unlistedSenders, kept.messages, kept.numbers].compactMap({ $0 }) {
            try demand(age >= .seconds(86_400), "kept for \(age)")
        }
        for folder in [read.stateFolder, read.runtimeFolder, read.carriersFolder] {
            try demand(!folder.isEmpty, "a folder without a name")
        }
        if let limits = read.limits {
            try demand((limits.perMinute ?? 1) >= 1 && limits.burst >= 1, "\(limits)")
            try demand(limits.gap >= .zero, "a gap of \(limits.gap)")
        }
    }
}
