import Recharge
import Testing

/// One attack: where job 1 stands, what came before, the attack, and the guard's words.
struct Attack: CustomTestStringConvertible, Sendable {
    var name: String
    var state: JobState = .ready
    var before: [String] = []
    var attack: String
    var refusal: String

    var testDescription: String { name }
}
