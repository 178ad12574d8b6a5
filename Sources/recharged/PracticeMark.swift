import Glibc

/// Keeps practice and money apart: a practice marks its folder, and neither opens the other's.
enum PracticeMark {
    /// Marks a new folder of a practice; throws when a folder is of the other kind.
    static func check(_ folder: String, isPractice: Bool) throws {
        let mark = "\(folder)/practice"
        let isMarked = access(mark, F_OK) == 0
        let hasQueue = access("\(folder)/recharged.sqlite", F_OK) == 0
        if !isPractice, isMarked {
            throw DaemonFailure(
                status: .configuration,
                message: "\(folder) is the folder of a practice, whose orders are not real; "
                    + "name another as state_dir, or start with --practice"
            )
        }
        guard isPractice, !isMarked else { return }
        guard !hasQueue else {
            throw DaemonFailure(
                status: .configuration,
                message: "\(folder) holds a real queue, which a practice must not work off; "
                    + "name another folder with --state-dir"
            )
        }
        let descriptor = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let cause = strerror(errno).map { String(cString: $0) } ?? "errno \(errno)"
            throw DaemonFailure(
                status: .configuration,
                message: "\(mark) cannot be made: \(cause); name another folder with --state-dir"
            )
        }
        close(descriptor)
    }
}
