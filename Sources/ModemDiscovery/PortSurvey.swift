import Glibc

/// What one source shows at this moment.
enum PortSurvey {
    typealias Result = (sightings: [PortCensus.Sighting], failures: [PortEvent])

    static func look(at source: PortSource) -> Result {
        switch source {
        case .list(let paths): (sightings(paths), [])
        case .directory(let folder): look(into: folder)
        case .udev: lookAtUSB()
        }
    }

    private static func look(into folder: String) -> Result {
        guard let stream = opendir(folder) else {
            let code = errno
            // A folder that is not there yet has no ports; that is no failure.
            guard code != ENOENT else { return ([], []) }
            let reason = "cannot read it: \(String(cString: strerror(code)))"
            return ([], [.failed(.directory(folder), reason: reason)])
        }
        defer { closedir(stream) }
        var paths: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            // A hidden name is one that is still being made.
            if !name.hasPrefix(".") { paths.append("\(folder)/\(name)") }
        }
        return (sightings(paths.sorted()), [])
    }

    private static func lookAtUSB() -> Result {
        guard let devices = UdevDevices() else {
            return ([], [.failed(.udev, reason: "cannot allocate its context")])
        }
        let sightings = devices.usbPorts().compactMap { port in
            node(of: port.path).map { PortCensus.Sighting(port: port, node: $0) }
        }
        return (sightings, [])
    }

    private static func sightings(_ paths: [String]) -> [PortCensus.Sighting] {
        let devices = UdevDevices()
        return paths.compactMap { path in
            guard let node = node(of: path) else { return nil }
            let port = devices?.port(path: path, nodePath: node.path) ?? DiscoveredPort(path: path)
            return PortCensus.Sighting(port: port, node: node)
        }
    }

    /// The character device that a path leads to; nil for anything else, and for a dangling link.
    ///
    /// The node is looked at through one descriptor that opens nothing, so the facts belong
    /// together and no modem notices.
    private static func node(of path: String) -> PortCensus.Node? {
        let descriptor = open(path, openPathOnly | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else {
            return nil
        }
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/fd/\(descriptor)", &target, target.count)
        guard length > 0 else { return nil }
        return PortCensus.Node(
            path: String(decoding: target[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self),
            fileSystem: UInt64(status.st_dev),
            inode: UInt64(status.st_ino)
        )
    }

    /// `O_PATH`, which Swift does not import.
    private static let openPathOnly: CInt = 0o10_000_000
}
