/// Why the store refused.
package struct JobStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of refusal it is; stable, shown over the socket.
    package enum Code: String, Hashable, Sendable {
        case conflict
        case notFound = "not_found"
        /// The job is armed or unknown: only evidence moves it.
        case outcomePending = "outcome_pending"
        /// There is no such arrow from where it stands.
        case wrongState = "wrong_state"
        /// It takes two people, and this is the first again.
        case samePerson = "same_person"
        case leaseLost = "lease_lost"
        /// The disk is nearly full: new work is refused, work in flight still ends.
        case diskFull = "disk_full"
        /// A guard of the database refused what the program tried: dispatch must be held.
        case invariant
        /// A commit failed: the process must exit and read the truth anew.
        case stopped
        /// Another process holds the state folder.
        case locked
        /// Not ours, damaged, or written by a newer version.
        case unusable
    }

    package var code: Code
    /// Names the object, what was tried and the cure.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
