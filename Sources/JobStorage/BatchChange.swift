/// What a person may do to a batch.
package enum BatchChange: String, Hashable, Sendable {
    case pause
    case resume
    case cancel
}
