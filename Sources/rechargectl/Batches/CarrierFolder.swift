import Carriers
import ConfigurationFiles
import Documents
import Glibc
import Recharge

/// The carrier profiles on this machine, for a check without the daemon.
enum CarrierFolder {
    private static let systemFolder = "/etc/recharged/carriers"
    /// How far above the program the folder `etc` of a checkout may be.
    private static let levelsMax = 6

    /// The folder named, else the system's, else that of the checkout that the program was built
    /// in; nil when there is none.
    static func find(_ named: String?) -> String? {
        if let named { return named }
        if isFolder(systemFolder) { return systemFolder }
        var parts = programPath().split(separator: "/").map { String($0) }
        for _ in 0..<levelsMax where !parts.isEmpty {
            parts.removeLast()
            let root = "/" + parts.joined(separator: "/")
            let folder = "\(root)/etc/carriers"
            if access("\(root)/Package.swift", R_OK) == 0, isFolder(folder) { return folder }
        }
        return nil
    }

    /// What a batch is held against without the daemon, which alone knows who verified what.
    struct Profiles {
        var carriers: [CarrierID: BatchCarrier]
        /// Of rows that name none: the only one, or the simulated one in a folder for practice.
        var standard: CarrierID?
    }

    /// Reads all profiles of a folder; throws their mistakes all at once.
    static func profiles(in folder: String, at now: Timestamp) throws(Failure) -> Profiles {
        do {
            let documents = try YAMLFile.readAll(in: folder)
            let catalog = try CarrierCatalog(reading: documents, zone: zone)
            var profiles = Profiles(carriers: [:])
            for profile in catalog.profiles {
                profiles.carriers[profile.id] = BatchCarrier(profile, isVerified: true, at: now)
            }
            let simulated = catalog.profiles.filter(\.isSimulated)
            let standard = simulated.isEmpty ? catalog.profiles : simulated
            profiles.standard = standard.count == 1 ? standard.first?.id : nil
            return profiles
        } catch {
            throw Failure(
                .configuration,
                "the carrier profiles in \(folder) cannot be used:\n\(error.description)"
            )
        }
    }

    /// What people stand for when they have read a carrier's profile in a file.
    static func edition(of carrier: CarrierID, in file: String) throws(Failure) -> ProfileEdition {
        let profile: CarrierProfile
        // A file that is not there is no bad profile.
        _ = try InputFile(file)
        do {
            profile = try CarrierProfile(reading: YAMLFile.readWithDigest(file), zone: zone)
        } catch {
            throw Failure(.badInput, "\(file) is no profile:\n\(error.description)")
        }
        guard profile.id == carrier, let edition = profile.edition else {
            throw Failure(.badInput, "\(file) is the profile of \(profile.id), not of \(carrier)")
        }
        return edition
    }

    private static func zone(named name: String) -> CarrierZone? {
        ZoneOffsets(zone: name).map { zone in
            CarrierZone(
                offsetMinutes: zone.offsetMinutes,
                changes: zone.changes.map { ($0.fromMilliseconds, $0.offsetMinutes) }
            )
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func programPath() -> String {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = bytes.withUnsafeMutableBytes { room in
            room.withMemoryRebound(to: CChar.self) { path in
                path.baseAddress.map { readlink("/proc/self/exe", $0, path.count) } ?? -1
            }
        }
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
