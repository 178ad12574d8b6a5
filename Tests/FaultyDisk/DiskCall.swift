/// What SQLite asks of a disk, and of which file.
package struct DiskCall: Hashable, Sendable, CustomStringConvertible {
    /// The files of one database.
    package enum File: String, Hashable, Sendable, CaseIterable {
        case database = "db"
        case wal
        case journal
        /// The index of the write-ahead log, which lies in memory.
        case sharedMemory = "shm"

        init(name: String) {
            self =
                name.hasSuffix("-wal") ? .wal : name.hasSuffix("-journal") ? .journal : .database
        }
    }

    /// What is done to it; giving up a lock is none, since it cannot fail.
    package enum Operation: String, Hashable, Sendable, CaseIterable {
        case open
        case delete
        case access
        case read
        case write
        case truncate
        case sync
        case size
        case lock
        case map
    }

    package var file: File
    package var operation: Operation

    package init(_ file: File, _ operation: Operation) {
        self.file = file
        self.operation = operation
    }

    package var description: String { "\(file.rawValue) \(operation.rawValue)" }
}
