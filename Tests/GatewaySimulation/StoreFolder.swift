import Foundation
import JobStorage
import TestSupport

/// The files of one seed's store, in memory, and what a kill leaves of them.
struct StoreFolder {
    private static let places = "/dev/shm"
    private static let files = ["recharged.sqlite", "recharged.sqlite-wal"]

    /// A store without jobs; copying it is faster than making one.
    private static let template = Result { () throws -> [Data] in
        let folder = "\(places)/recharged-template-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteJobStore.open(
            folder: folder,
            at: Samples.midnight,
            freeBytes: { _ in 80 << 20 }
        )
        try store.close()
        return [try Data(contentsOf: URL(filePath: "\(folder)/\(files[0])"))]
    }

    private let root: String
    private var generation = 0

    var path: String { "\(root)/\(generation)" }
    var database: String { "\(path)/\(Self.files[0])" }

    init() throws {
        root = "\(Self.places)/recharged-simulation-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        try write(Self.template.get())
    }

    /// Leaves the files to whoever holds them open and goes on with copies, as they stood.
    mutating func crash() throws {
        let left = path
        let contents = Self.files.compactMap {
            FileManager.default.contents(atPath: "\(left)/\($0)")
        }
        generation += 1
        try write(contents)
        try FileManager.default.removeItem(atPath: left)
    }

    func remove() throws {
        try FileManager.default.removeItem(atPath: root)
    }

    private func write(_ contents: [Data]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        for (name, octets) in zip(Self.files, contents) {
            try octets.write(to: URL(filePath: "\(path)/\(name)"))
        }
    }
}
