import GRDBSQLite

/// The locks on one database file, by the handles that hold them.
struct FileLocks {
    private var levels: [Int: Int32] = [:]

    /// Raises a handle to a level; false when another one stands in the way.
    mutating func raise(_ handle: Int, to level: Int32) -> Bool {
        guard levels[handle, default: SQLITE_LOCK_NONE] < level else { return true }
        let others = levels.filter { $0.key != handle }.map(\.value).max() ?? SQLITE_LOCK_NONE
        switch level {
        case SQLITE_LOCK_SHARED:
            guard others < SQLITE_LOCK_PENDING else { return false }
        case SQLITE_LOCK_EXCLUSIVE:
            guard others < SQLITE_LOCK_RESERVED else { return false }
            guard others < SQLITE_LOCK_SHARED else {
                levels[handle] = SQLITE_LOCK_PENDING
                return false
            }
        default:
            guard others < SQLITE_LOCK_RESERVED else { return false }
        }
        levels[handle] = level
        return true
    }

    mutating func lower(_ handle: Int, to level: Int32) {
        levels[handle] = level == SQLITE_LOCK_NONE ? nil : level
    }

    var isReserved: Bool { levels.values.contains { $0 >= SQLITE_LOCK_RESERVED } }
}
