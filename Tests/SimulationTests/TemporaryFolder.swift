import Foundation

/// A path of its own in the temporary folder, short enough for sockets.
func temporaryPath(_ name: String) -> String {
    let folder =
        FileManager.default.temporaryDirectory.path
        + "/sim-\(UUID().uuidString.prefix(8))"
    do {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
    } catch {
        preconditionFailure("\(folder): \(error)")
    }
    return "\(folder)/\(name)"
}
