/// What the load does to the store, by the name under which a campaign counts it.
enum Deed: String, CaseIterable, Sendable {
    case submit
    case submitAgain = "submit again"
    case begin
    case stage
    case openBatch = "open batch"
    case pauseBatch = "pause batch"
    case resumeBatch = "resume batch"
    case cancelBatch = "cancel batch"
    case admit
    case depart
    case pauseSIM = "pause SIM"
    case resumeSIM = "resume SIM"
    case fence
    case claim
    case releaseLease = "release lease"
    case arm
    case succeed
    case refuse
    case doubt
    case settleLate = "settle late"
    case keep
    case file
    case ask
    case conclude
    case reportFloat = "report float"
    case topUp = "top up"
    case proposeReversal = "propose reversal"
    case approve
    case setClock = "set clock"
    case promote
    case cancel
    case releaseHeld = "release held"
    case hold
    case unhold
    case record
    case read

    /// How often it is done beside the others, where it can be.
    var weight: Int {
        switch self {
        case .submit: 12
        case .claim, .arm: 14
        case .succeed: 12
        case .begin: 2
        case .stage, .unhold, .resumeSIM, .resumeBatch: 8
        case .openBatch, .refuse, .settleLate, .admit, .promote: 4
        case .approve: 8
        case .ask: 5
        case .conclude: 4
        case .reportFloat, .topUp, .proposeReversal: 2
        case .doubt, .keep, .file, .fence, .releaseHeld, .releaseLease, .record: 2
        case .submitAgain, .cancel, .read: 2
        case .pauseBatch, .cancelBatch, .depart, .pauseSIM, .hold, .setClock: 1
        }
    }

    /// Whether it runs on the writer's connection.
    var isWrite: Bool { self != .read }

    /// Whether it commits something as a rule; an order that is known is only found.
    var isCommit: Bool { self != .read && self != .submitAgain }

    /// Whether it is one transaction, so that it may share one with others.
    var isGrouped: Bool {
        switch self {
        case .promote, .cancelBatch, .stage, .claim, .read: false
        // A SIM has one question at a time.
        case .ask: false
        default: true
        }
    }
}
