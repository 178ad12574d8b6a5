import Recharge

/// What the centre remembers of what it charged and reversed.
struct ChargeRecords: Sendable {
    /// A recharge as an agent's SIM names it.
    struct Order: Hashable {
        let iccid: ICCID
        let number: String
        let amount: Amount
    }

    struct Charge: Hashable {
        let order: Order
        let serial: String
        let at: Timestamp
    }

    /// How long a recharge can be reconfirmed; then the same request is a new recharge.
    static let reconfirmWindow = Duration.seconds(3600)
    static let reversalWindow = Duration.seconds(86_400)
    static let reversalsPerMonth = 8

    private var bySerial: [String: Charge] = [:]
    private var latest: [Order: Charge] = [:]
    private var reversed: Set<String> = []
    /// When each SIM reversed something.
    private var reversals: [ICCID: [Timestamp]] = [:]

    mutating func add(_ charge: Charge) {
        bySerial[charge.serial] = charge
        latest[charge.order] = charge
    }

    mutating func addReversal(of serial: String, by iccid: ICCID, at now: Timestamp) {
        reversed.insert(serial)
        reversals[iccid, default: []].append(now)
    }

    /// The last charge of that SIM, number and amount, reversed or not.
    func latestCharge(of order: Order) -> Charge? { latest[order] }

    /// The charge that a reconfirmation repeats instead of executing it.
    func reconfirmable(_ order: Order, at now: Timestamp) -> Charge? {
        latest[order].flatMap { charge in
            charge.at.duration(to: now) <= Self.reconfirmWindow ? charge : nil
        }
    }

    /// Why a charge may not be reversed now; nil when it may.
    func refusal(ofReversing serial: String, _ order: Order, at now: Timestamp) -> ReversalRefusal?
    {
        guard let charge = bySerial[serial], charge.order == order else { return .serial }
        if reversed.contains(serial) { return .reversed }
        guard charge.at.duration(to: now) <= Self.reversalWindow,
            Self.month(of: charge.at) == Self.month(of: now)
        else { return .late }
        let count = (reversals[order.iccid] ?? []).count {
            Self.month(of: $0) == Self.month(of: now)
        }
        return count < Self.reversalsPerMonth ? nil : .quota
    }

    /// The month by China's clocks.
    private static func month(of moment: Timestamp) -> Int64 {
        let date = moment.civilDate(offsetMinutes: chinaOffsetMinutes)
        return date.year * 12 + date.month
    }
}

/// China's time, which the centre and the simulated network keep, in minutes east of UTC.
let chinaOffsetMinutes: Int64 = 480

extension Timestamp {
    /// What China's clocks show: `2026-11-23 17:30:00`.
    var inChina: String {
        let shown = advanced(by: .seconds(chinaOffsetMinutes * 60)).rfc3339
        return String(shown.prefix(19)).replacing("T", with: " ")
    }
}
