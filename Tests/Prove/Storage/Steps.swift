import Recharge

/// The steps of one life of a store: calls as the load draws them, now and then in groups, and the
/// writer at rest before what runs on other connections.
struct Steps {
    /// Whether the writer may still be busy with a checkpoint.
    private var isWriterBusy = false
    /// Whether a life may hold several openings; the counting of pages begins with each.
    var mayClose = true
    private var queued: [(step: Step, label: String)] = []

    static let open = "open"
    static let close = "close"
    static let group = "group"
    static let rest = "rest"

    /// Puts a step before all others.
    mutating func begin(with step: Step, _ label: String) {
        queued.append((step, label))
    }

    /// The next step and its label; a wanted one where it can be.
    mutating func next(
        _ load: inout Load,
        preferring wanted: String?
    ) throws -> (step: Step, label: String) {
        if !queued.isEmpty { return queued.removeFirst() }
        if mayClose, load.chance(wanted == Steps.close ? 10 : 1) {
            queued = [(.close, Steps.close), (.open, Steps.open)]
        } else if load.chance(wanted == Steps.group ? 30 : 8) {
            let size = load.chance(50) ? 2 : 4
            queued = [(.group(try load.group(of: size).map(\.call)), Steps.group)]
        } else {
            let (deed, call) = try load.next(preferring: wanted)
            guard !deed.isWrite else {
                isWriterBusy = true
                return (.call(call), deed.rawValue)
            }
            queued = [(.call(call), deed.rawValue)]
        }
        guard isWriterBusy else { return queued.removeFirst() }
        isWriterBusy = false
        return (.call(.rest), Steps.rest)
    }
}
