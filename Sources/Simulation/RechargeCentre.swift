package import Engine
package import Recharge

/// The carrier's recharge centre: the only place where simulated money moves.
///
/// It charges what it is told to, twice if it is told twice: whether the gateway pays twice is what
/// its ledger is there to show. Pure: time and the faults of the asking SIM come in.
package struct RechargeCentre: Sendable {
    /// The short number that requests go to and answers come from.
    package static let shortNumber = "10086"

    /// What a SIM that was never seen before has.
    package var initialFloat: Amount
    package var initialPIN: PIN
    /// Whether a repeat of the same number and amount by the same SIM is charged again.
    package var chargesDuplicates = true
    /// National numbers that do not exist.
    package var badNumbers: Set<String> = []
    /// National numbers of another network.
    package var foreignNumbers: Set<String> = []
    package private(set) var chargeCount = 0
    package private(set) var refusalCount = 0

    private var accounts: [ICCID: Account] = [:]
    private var requestCount = 0
    private var serialCount = 0
    private var charged: Set<Order> = []

    private struct Account: Sendable {
        var balance: Amount
        var pin: PIN
    }

    private struct Order: Hashable {
        let iccid: ICCID
        let number: String
        let amount: Amount
    }

    package init(initialFloat: Amount, initialPIN: PIN) {
        self.initialFloat = initialFloat
        self.initialPIN = initialPIN
    }

    /// Takes up where a ledger ends: floats, serial numbers and what was charged.
    package mutating func resume(after entries: [LedgerEntry]) {
        for entry in entries {
            requestCount += 1
            update(entry.iccid) { $0.balance = entry.balance }
            guard case .charged(let serial) = entry.outcome else { continue }
            charged.insert(Order(iccid: entry.iccid, number: entry.number, amount: entry.amount))
            serialCount = max(serialCount, Int(serial.dropFirst(Self.serialDateCount)) ?? 0)
        }
    }

    package func balance(of iccid: ICCID) -> Amount {
        accounts[iccid]?.balance ?? initialFloat
    }

    package mutating func setBalance(_ balance: Amount, of iccid: ICCID) {
        update(iccid) { $0.balance = balance }
    }

    package mutating func setPIN(_ pin: PIN, of iccid: ICCID) {
        update(iccid) { $0.pin = pin }
    }

    private mutating func update(_ iccid: ICCID, _ change: (inout Account) -> Void) {
        change(&accounts[iccid, default: Account(balance: initialFloat, pin: initialPIN)])
    }

    /// Executes a request and decides its answers.
    ///
    /// The entry, if any, is to be written before they leave.
    package mutating func receive(
        _ text: String,
        from iccid: ICCID,
        faults: Faults,
        at now: Timestamp,
        using random: inout SplitMix64
    ) -> (entry: LedgerEntry?, answers: [TimedAnswer]) {
        switch RechargeText(text) {
        case .recharge(let number, let amount, let pin):
            let refusal = refusal(of: number, amount, pin, iccid, faults, &random)
            let entry = record(refusal, iccid: iccid, number: number, amount: amount, at: now)
            let plan = AnswerPlan(faults: faults)
            return (entry, plan.answers(to: entry, using: &random))
        case .balance(let pin):
            let isRight = pin == (accounts[iccid]?.pin ?? initialPIN).revealed
            let plan = AnswerPlan(faults: faults)
            let answer = isRight ? CentreAnswer.balance(balance(of: iccid)) : .wrongPIN
            return (nil, plan.answers([answer], using: &random))
        case .unknown:
            let plan = AnswerPlan(faults: faults)
            return (nil, plan.answers([.unknownCommand], using: &random))
        }
    }

    private func refusal(
        of number: String,
        _ amount: Amount,
        _ pin: String,
        _ iccid: ICCID,
        _ faults: Faults,
        _ random: inout SplitMix64
    ) -> Refusal? {
        if pin != (accounts[iccid]?.pin ?? initialPIN).revealed { return .pin }
        if foreignNumbers.contains(number) { return .foreign }
        if badNumbers.contains(number) || number.utf8.count != 11 || !number.hasPrefix("1") {
            return .number
        }
        let order = Order(iccid: iccid, number: number, amount: amount)
        if !chargesDuplicates, charged.contains(order) { return .duplicate }
        for refusal in Refusal.allCases where random.happens(faults.refusals[refusal] ?? 0) {
            return refusal
        }
        return balance(of: iccid).minorUnits < amount.minorUnits ? .float : nil
    }

    private mutating func record(
        _ refusal: Refusal?,
        iccid: ICCID,
        number: String,
        amount: Amount,
        at now: Timestamp
    ) -> LedgerEntry {
        requestCount += 1
        let outcome: LedgerEntry.Outcome
        if let refusal {
            refusalCount += 1
            outcome = .refused(refusal)
        } else {
            chargeCount += 1
            serialCount += 1
            outcome = .charged(serial: serial(at: now))
            charged.insert(Order(iccid: iccid, number: number, amount: amount))
            update(iccid) { $0.balance.minorUnits -= amount.minorUnits }
        }
        return LedgerEntry(
            outcome: outcome,
            requestID: "R" + Self.padded(requestCount),
            iccid: iccid,
            number: number,
            amount: amount,
            at: now,
            balance: balance(of: iccid)
        )
    }

    /// `S`, the date in UTC, and a count that never starts again.
    private func serial(at now: Timestamp) -> String {
        "S" + now.rfc3339.prefix(10).filter { $0 != "-" } + Self.padded(serialCount)
    }

    private static let serialDateCount = 9

    private static func padded(_ count: Int) -> String {
        let digits = String(count)
        return String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
    }
}
