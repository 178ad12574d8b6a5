import GRDB
import Recharge

/// The SIM that asks for a job, as the limits and the search need it.
struct Claimant {
    var id: Int64
    var iccid: ICCID
    var carrier: CarrierID
    var balance: Int64?
    /// What is left of the day's sum; nil without a limit.
    var sumLeft: Int64?
    var load: DayUse
    /// Whether another SIM of the carrier is at work, for which it must leave what it should avoid.
    var hasOther: Bool
}

/// Where a search for a job stands that was too long for one transaction.
struct ClaimCursor: Sendable {
    /// The carrier's generation when the search began: later arrivals make it begin again.
    var generation: Int
    /// Lanes that hold nothing for this SIM.
    var exhausted: Set<Int64> = []
    /// The last job looked at in the lane that is not exhausted.
    var lane: Int64?
    var rank: Int64 = .min
    var job: Int64 = 0
    /// Whether a job was left that another SIM may take.
    var leavesJobs = false
    /// Whether a job was left only for this SIM's limit by sum.
    var leavesForSum = false
    /// When the first of the batches that wait for their clients' limits goes on.
    var waitsUntil: Timestamp?

    /// Leaves a lane whose client is over a limit.
    mutating func leave(_ lane: Int64, until end: Timestamp) {
        exhausted.insert(lane)
        self.lane = nil
        waitsUntil = waitsUntil.map { min($0, end) } ?? end
        leavesJobs = true
    }
}

/// What one step of a search came to.
enum ClaimFinding {
    case job(Int64, lane: Int64)
    case nothing
    case unfinished
}

/// The search for the next job of a SIM: lanes by pass, jobs of a lane by rank, nothing sorted.
///
/// Its cost is that of the jobs it passes over, not of the queue; `jobsMax` bounds it per step.
struct ClaimSearch {
    /// How many jobs one step looks at.
    static let jobsMax = 256
    /// What putting a job aside costs, in looks.
    private static let asideCost = 8

    static let lanes = "SELECT id FROM lane WHERE open = 1 ORDER BY pass, id"
    /// The rest of a rank, then the ranks after it: one comparison of both would pass over a whole
    /// batch again, because its rows have one rank.
    static let jobs = ["rank = ?3 AND id > ?4", "rank > ?3 AND ?4 IS NOT NULL"].map { place in
        """
        SELECT id, rank, amount, number, deadline, avoid_sim_id, avoid_until, only_sim_id FROM job
        WHERE carrier = ?1 AND lane_id = ?2 AND state = 'ready' AND \(place) ORDER BY rank, id
        """
    }
    static let numberInFlight =
        "SELECT 1 FROM job WHERE number = ? AND \(Schema.inFlight)"

    let db: Database
    let claimant: Claimant
    let now: Timestamp
    private var looksLeft = ClaimSearch.jobsMax

    init(db: Database, claimant: Claimant, now: Timestamp) {
        self.db = db
        self.claimant = claimant
        self.now = now
    }

    /// Finds the next job from a cursor on, which stays before that job.
    mutating func step(from cursor: inout ClaimCursor) throws -> ClaimFinding {
        if let lane = cursor.lane, let finding = try search(lane, &cursor) { return finding }
        let lanes = try Int64.fetchCursor(db.cachedStatement(sql: ClaimSearch.lanes))
        while let lane = try lanes.next() {
            guard !cursor.exhausted.contains(lane) else { continue }
            cursor.rank = .min
            cursor.job = 0
            if let finding = try search(lane, &cursor) { return finding }
        }
        return .nothing
    }

    /// Counts a job that was found and put aside instead of given out.
    mutating func putAside() {
        looksLeft -= ClaimSearch.asideCost
    }

    /// Looks through a lane; nil when it holds nothing for this SIM.
    private mutating func search(_ lane: Int64, _ cursor: inout ClaimCursor) throws -> ClaimFinding?
    {
        let start = (rank: cursor.rank, job: cursor.job)
        // From the start of a lane there is no rest of a rank.
        for sql in start.job == 0 ? ClaimSearch.jobs.suffix(1) : ClaimSearch.jobs[...] {
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: sql),
                arguments: [claimant.carrier.name, lane, start.rank, start.job]
            )
            while let row = try rows.next() {
                if looksLeft <= 0 {
                    cursor.lane = lane
                    return .unfinished
                }
                looksLeft -= 1
                if try mayTake(row, &cursor) {
                    cursor.lane = lane
                    return .job(row[0], lane: lane)
                }
                cursor.job = row[0]
                cursor.rank = row[1]
            }
        }
        cursor.lane = nil
        cursor.exhausted.insert(lane)
        return nil
    }

    private func mayTake(_ row: Row, _ cursor: inout ClaimCursor) throws -> Bool {
        let amount: Int64 = row[2]
        if let deadline = row[4] as Int64?, deadline <= now.milliseconds { return false }
        let only: Int64? = row[7]
        if let only, only != claimant.id {
            cursor.leavesJobs = true
            return false
        }
        if only == nil, let balance = claimant.balance, amount > balance {
            cursor.leavesJobs = true
            return false
        }
        if only == nil, let sumLeft = claimant.sumLeft, amount > sumLeft {
            cursor.leavesJobs = true
            cursor.leavesForSum = true
            return false
        }
        if claimant.hasOther, row[5] as Int64? == claimant.id, let until = row[6] as Int64?,
            until > now.milliseconds
        {
            cursor.leavesJobs = true
            return false
        }
        let statement = try db.cachedStatement(sql: ClaimSearch.numberInFlight)
        return try Int.fetchOne(statement, arguments: [row[3] as String]) == nil
    }
}
