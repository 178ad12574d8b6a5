import Recharge

/// What the writer keeps in memory between transactions; all of it can be read anew from disk.
struct WriterMemory: Sendable {
    /// What of erased texts the write-ahead log has.
    enum ErasedPages {
        case none
        /// It is cut at once.
        case fresh
        /// A reader kept it from being cut: it is when a checkpoint is due.
        case kept
    }

    var chain: EventChain
    /// Why the gateway is on hold; nil while it is not.
    var hold: String?
    /// How often this queue was restored from a backup.
    var epoch: Int64 = 0
    /// The pass of the lane served last: where a lane that comes back from idling begins, so that
    /// it has no credit for the time it had nothing to do.
    var virtualTime: Int64
    var roster = SIMRoster()
    var erasedPages = ErasedPages.none
    /// What people set in place of configured limits.
    var overrides = LimitOverrides()
    /// The scopes that have open windows: only these are counted when a job is armed.
    var countedScopes: Set<UseScope> = []
    /// By what the last claim of each SIM was judged; SIMs without limits have none.
    var terms: [ICCID: UseTerms] = [:]
}
