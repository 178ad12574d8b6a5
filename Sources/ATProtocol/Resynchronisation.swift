/// The way back into step with the modem.
///
///     draining ─ quiet ─▶ escaped ─ quiet ─▶ probing ─ its own answer ─▶ settling ─ quiet ─▶ done
///                            ▲                  │
///                            └── no answer or a refusal, tries left ───┘   none left ─▶ lost
///
/// Only ESC and questions are written: ESC leaves a prompt that still stands, while Ctrl-Z
/// would submit what lies in it. Each quiet wait is bounded, so that a modem that never stops
/// talking is probed all the same.
struct Resynchronisation {
    enum Step: Hashable {
        /// Nothing is written yet: what arrives belongs to the command that went unanswered.
        case draining
        /// ESC is written; its `OK`, if any, is swallowed here.
        case escaped
        /// The barrier is written; `answered` are the starts of the information lines read
        /// since the last result code.
        case probing(Barrier, answered: [String])
        /// The barrier is answered; what a stuttering modem repeats is swallowed here.
        case settling
    }

    static let tries = 4
    static let quiet = Duration.milliseconds(200)
    static let quietWaitMax = Duration.seconds(2)
    static let probeTimeout = Duration.seconds(3)

    private(set) var step: Step
    private(set) var deadline: Instant
    private(set) var triesLeft = Self.tries
    /// Whether a single byte arrived: a port that stays silent has no modem behind it.
    var hasHeard = false
    /// The command to write once in step.
    let pending: Exchange?
    private var limit: Instant

    init(step: Step, pending: Exchange?, at now: Instant) {
        self.pending = pending
        self.step = step
        deadline = now.advanced(by: Self.quiet)
        limit = now.advanced(by: Self.quietWaitMax)
    }

    mutating func waitForQuiet(in step: Step, at now: Instant) {
        self.step = step
        deadline = now.advanced(by: Self.quiet)
        limit = now.advanced(by: Self.quietWaitMax)
    }

    mutating func probe(_ barrier: Barrier, at now: Instant) {
        triesLeft -= 1
        step = .probing(barrier, answered: [])
        deadline = now.advanced(by: Self.probeTimeout)
    }

    /// Notes an information line of this or an earlier barrier; a stutter counts once.
    mutating func noteAnswer(_ prefix: String) {
        guard case .probing(let barrier, let answered) = step, answered.last != prefix,
            answered.count <= barrier.prefixes.count
        else { return }
        step = .probing(barrier, answered: answered + [prefix])
    }

    /// Takes an `OK`: of the barrier if exactly its lines came before, else of something older.
    mutating func noteOK(at now: Instant) {
        guard case .probing(let barrier, let answered) = step else { return }
        if answered == barrier.prefixes {
            waitForQuiet(in: .settling, at: now)
        } else {
            step = .probing(barrier, answered: [])
        }
    }

    /// Ends a try that was refused as soon as the line is quiet.
    mutating func endTryEarly(at now: Instant) {
        guard case .probing(let barrier, _) = step else { return }
        step = .probing(barrier, answered: [])
        deadline = min(deadline, now.advanced(by: Self.quiet))
    }

    /// Bytes arrived: a wait for quiet starts again, up to its bound.
    mutating func heard(at now: Instant) {
        hasHeard = true
        switch step {
        case .draining, .escaped, .settling:
            deadline = min(limit, now.advanced(by: Self.quiet))
        case .probing:
            break
        }
    }
}
