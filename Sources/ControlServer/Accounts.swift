import Glibc

/// The system's users and groups.
enum Accounts {
    /// The least buffer for one entry; it grows when an entry is longer.
    private static let entryBytes = 4096
    private static let entryBytesMax = 1 << 20
    private static let groupsMax = 1024

    static func name(of uid: UInt32) -> String? {
        entry { buffer, size in
            var account = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let code = getpwuid_r(uid, &account, &buffer, size, &found)
            return (code, found?.pointee.pw_name.map { String(cString: $0) })
        }
    }

    static func groupName(_ gid: UInt32) -> String? {
        entry { buffer, size in
            var account = group()
            var found: UnsafeMutablePointer<group>?
            let code = getgrgid_r(gid, &account, &buffer, size, &found)
            return (code, found?.pointee.gr_name.map { String(cString: $0) })
        }
    }

    static func groupNumber(_ name: String) -> UInt32? {
        entry { buffer, size in
            var account = group()
            var found: UnsafeMutablePointer<group>?
            let code = getgrnam_r(name, &account, &buffer, size, &found)
            return (code, found.map { $0.pointee.gr_gid })
        }
    }

    static func groups(of name: String, primary: UInt32) -> [UInt32] {
        var numbers = [gid_t](repeating: 0, count: groupsMax)
        var count = Int32(groupsMax)
        guard getgrouplist(name, primary, &numbers, &count) >= 0 else { return [primary] }
        return Array(numbers.prefix(Int(count)))
    }

    private static func entry<Value>(
        _ look: (inout [CChar], Int) -> (Int32, Value?)
    ) -> Value? {
        var size = entryBytes
        while size <= entryBytesMax {
            var buffer = [CChar](repeating: 0, count: size)
            let (code, value) = look(&buffer, size)
            guard code == ERANGE else { return value }
            size *= 4
        }
        return nil
    }
}
