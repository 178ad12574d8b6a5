/// What the writer keeps in memory between transactions; all of it can be read anew from disk.
struct WriterMemory: Sendable {
    var chain: EventChain
    /// Why the gateway is on hold; nil while it is not.
    var hold: String?
    /// How often this queue was restored from a backup.
    var epoch: Int64 = 0
    /// The pass of the lane served last: where a lane that comes back from idling begins, so that
    /// it has no credit for the time it had nothing to do.
    var virtualTime: Int64
    var roster = SIMRoster()
}
