import Foundation

/// The inputs that fuzzing begins with: `corpus/<target>`, and what the project itself ships.
enum SeedCorpus {
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Where the seeds are: folders of files, and files.
    private static func places(_ target: FuzzTarget) -> [String] {
        let own = "Tests/Fuzz/corpus/\(target.rawValue)"
        return switch target {
        case .profile: [own, "etc/carriers"]
        case .configuration: [own, "etc/recharged.yaml", "etc/trial.yaml"]
        case .pdu, .at, .csv, .http: [own]
        }
    }

    static func seeds(_ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
        try places(target).flatMap { place in
            let path = repository.appending(path: place)
            let names = try? FileManager.default.contentsOfDirectory(atPath: path.path).sorted()
            return try (names ?? [""]).map { name in
                ("\(place)/\(name)", Array(try Data(contentsOf: path.appending(path: name))))
            }
        }
    }
}
