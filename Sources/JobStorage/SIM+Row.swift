import GRDB
import Recharge

extension SIM {
    /// What `init(row:)` reads, in its order, of a query on `sim`.
    static let columns = """
        sim.iccid, sim.carrier, sim.state, sim.imsi, sim.label, sim.state_reason,
        sim.fenced_until, sim.balance_minor, sim.balance_currency,
        COALESCE((SELECT count FROM sim_day
          WHERE sim_id = sim.id AND day_began = sim.day_began), 0),
        COALESCE((SELECT amount_sum FROM sim_day
          WHERE sim_id = sim.id AND day_began = sim.day_began), 0),
        (SELECT id FROM proposal
          WHERE kind = 'enrolment' AND subject = sim.iccid AND state = 'open'),
        sim.state <> 'retired' AND sim.epoch < \(Schema.epoch)
        """

    init(row: Row) throws {
        var column = ColumnReader(row)
        self.init(
            iccid: try column.parsed(ICCID.init),
            carrier: try column.parsed(CarrierID.init),
            state: try column.parsed(State.init(rawValue:))
        )
        imsi = try column.optionalParsed(IMSI.init)
        label = column.optional()
        stateReason = column.optional()
        fencedUntil = column.optionalTime()
        let minorUnits: Int64? = column.optional()
        let currency = try column.optionalParsed(Currency.init(code:))
        if let minorUnits, let currency {
            balance = Amount(minorUnits: minorUnits, currency: currency)
        }
        today = DayUse(count: column.next(), minorUnits: column.next())
        let proposal: Int64? = column.optional()
        self.proposal = proposal.map { Proposal.ID($0) }
        isBehindRestore = column.next()
    }

    /// Where a SIM may go from a state: the drawing in `State`.
    static func arrows(from state: State) -> Set<State> {
        switch state {
        case .quarantined: [.enabled, .retired]
        case .enabled: [.paused, .quarantined, .retired]
        case .paused: [.enabled, .quarantined, .retired]
        case .retired: []
        }
    }
}
