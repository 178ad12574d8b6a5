import Glibc

/// Where this executable lies, and what lies around it.
enum Executable {
    /// Its folder.
    static var folder: String {
        let path = String(unsafeUninitializedCapacity: 4096) { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                max(0, readlink("/proc/self/exe", $0, bytes.count))
            }
        }
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    /// The `etc` of a checkout of the sources around it, from which a practice takes its profiles.
    static var checkoutConfiguration: String? {
        var folder = folder[...]
        while !folder.isEmpty {
            let etc = "\(folder)/etc"
            if access("\(etc)/carriers/simulated.yaml", R_OK) == 0 { return etc }
            folder = folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)]
        }
        return nil
    }
}
