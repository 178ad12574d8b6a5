import Glibc
import Synchronization

/// Ctrl-C while something is watched: asked for once; a second one ends the program at once.
enum Interruption {
    /// Written by a signal handler, hence an atomic.
    private static let isSet = Atomic(false)

    /// From now on the first Ctrl-C only sets ``isRequested``.
    static func listen() {
        isSet.store(false, ordering: .relaxed)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            Interruption.isSet.store(true, ordering: .relaxed)
        }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
        sigaction(SIGINT, &action, nil)
    }

    static var isRequested: Bool { isSet.load(ordering: .relaxed) }

    static func stopListening() {
        signal(SIGINT, SIG_DFL)
    }
}
