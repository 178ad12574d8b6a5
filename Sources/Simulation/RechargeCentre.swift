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
    /// What it offers besides recharging; the rest is an unknown command.
    package var services = Set(CentreService.allCases)
    /// National numbers that do not exist.
    package var badNumbers: Set<String> = []
    /// National numbers of another network.
    package var foreignNumbers: Set<String> = []
    package private(set) var chargeCount = 0
    package private(set) var refusalCount = 0
    package private(set) var reversalCount = 0

    private var accounts: [ICCID: Account] = [:]
    private var requestCount = 0
    private var serialCount = 0
    private var records = ChargeRecords()

    private struct Account: Sendable {
        var balance: Amount
        var pin: PIN
    }

    /// Of one request: what moved, what is said, and what the float would be if nothing had moved.
    struct Reply {
        var entry: LedgerEntry?
        var answer: CentreAnswer
        var untouchedFloat: Amount
    }

    /// How long a recharge is shown to whoever asks whether it is on record.
    package var historyWindow = Duration.seconds(Int64.max)
    /// After how many serial numbers of a day it begins anew; nil: never.
    package var serialsMax: Int?

    package init(initialFloat: Amount, initialPIN: PIN) {
        self.initialFloat = initialFloat
        self.initialPIN = initialPIN
    }

    /// Takes up where a ledger ends: floats, serial numbers, and what was charged and reversed.
    package mutating func resume(after entries: [LedgerEntry]) {
        for entry in entries {
            requestCount += 1
            update(entry.iccid) { $0.balance = entry.balance }
            note(entry)
            guard let serial = entry.serial else { continue }
            serialCount = max(serialCount, Int(serial.dropFirst(Self.serialDateCount)) ?? 0)
        }
    }

    package func balance(of iccid: ICCID) -> Amount {
        accounts[iccid]?.balance ?? initialFloat
    }

    package mutating func setBalance(_ balance: Amount, of iccid: ICCID) {
        update(iccid) { $0.balance = balance }
    }

    package mutating func pay(_ amount: Amount, to iccid: ICCID) {
        update(iccid) { $0.balance.minorUnits += amount.minorUnits }
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
        var request = RechargeText(text)
        if let service = request.service, !services.contains(service) { request = .unknown }
        let reply = reply(to: request, from: iccid, faults, at: now, &random)
        let plan = AnswerPlan(faults: faults)
        return (
            reply.entry,
            plan.quote(text, using: &random)
                + plan.answers(reply, to: request, at: now, using: &random)
        )
    }

    private mutating func reply(
        to request: RechargeText,
        from iccid: ICCID,
        _ faults: Faults,
        at now: Timestamp,
        _ random: inout SplitMix64
    ) -> Reply {
        let before = balance(of: iccid)
        switch request {
        case .recharge(let number, let amount, let pin):
            let order = ChargeRecords.Order(iccid: iccid, number: number, amount: amount)
            return charge(order, refusal(of: order, pin, faults, &random), at: now)
        case .reconfirm(let number, let amount, let pin):
            let order = ChargeRecords.Order(iccid: iccid, number: number, amount: amount)
            guard isRight(pin, iccid), let charge = records.reconfirmable(order, at: now) else {
                return self.charge(order, refusal(of: order, pin, faults, &random), at: now)
            }
            return confirm(charge)
        case .reverse(let serial, let number, let amount, let pin):
            let order = ChargeRecords.Order(iccid: iccid, number: number, amount: amount)
            let refusal =
                isRight(pin, iccid)
                ? records.refusal(ofReversing: serial, order, at: now) : .pin
            return reverse(serial, order, refusal, at: now)
        case .history(let number, let amount, let pin):
            guard isRight(pin, iccid) else {
                return Reply(answer: .wrongPIN, untouchedFloat: before)
            }
            let order = ChargeRecords.Order(iccid: iccid, number: number, amount: amount)
            let charge = records.latestCharge(of: order).flatMap { charge in
                charge.at.duration(to: now) <= historyWindow ? charge : nil
            }
            let answer = charge.map { charge in
                CentreAnswer.onRecord(
                    number: number,
                    amount: amount,
                    serial: charge.serial,
                    at: charge.at
                )
            }
            return Reply(
                answer: answer ?? .noRecord(number: number, amount: amount),
                untouchedFloat: before
            )
        case .balance(let pin):
            let answer = isRight(pin, iccid) ? CentreAnswer.balance(before) : .wrongPIN
            return Reply(answer: answer, untouchedFloat: before)
        case .unknown: return Reply(answer: .unknownCommand, untouchedFloat: before)
        }
    }

    private func isRight(_ pin: String, _ iccid: ICCID) -> Bool {
        pin == (accounts[iccid]?.pin ?? initialPIN).revealed
    }

    private func refusal(
        of order: ChargeRecords.Order,
        _ pin: String,
        _ faults: Faults,
        _ random: inout SplitMix64
    ) -> Refusal? {
        let number = order.number
        if !isRight(pin, order.iccid) { return .pin }
        if foreignNumbers.contains(number) { return .foreign }
        if badNumbers.contains(number) || number.utf8.count != 11 || !number.hasPrefix("1") {
            return .number
        }
        if !chargesDuplicates, records.latestCharge(of: order) != nil { return .duplicate }
        for refusal in Refusal.allCases where random.happens(faults.refusals[refusal] ?? 0) {
            return refusal
        }
        return balance(of: order.iccid).minorUnits < order.amount.minorUnits ? .float : nil
    }
}

// MARK: Movements

extension RechargeCentre {
    private mutating func charge(
        _ order: ChargeRecords.Order,
        _ refusal: Refusal?,
        at now: Timestamp
    ) -> Reply {
        let before = balance(of: order.iccid)
        if refusal == nil {
            update(order.iccid) { $0.balance.minorUnits -= order.amount.minorUnits }
        }
        let entry = record(
            refusal.map { .refused($0) } ?? .charged(serial: nextSerial(at: now)),
            order,
            at: now
        )
        let answer: CentreAnswer =
            if let refusal {
                .refused(
                    refusal,
                    number: order.number,
                    amount: order.amount,
                    balance: entry.balance
                )
            } else {
                .succeeded(
                    number: order.number,
                    amount: order.amount,
                    serial: entry.serial ?? "",
                    balance: entry.balance
                )
            }
        return Reply(entry: entry, answer: answer, untouchedFloat: before)
    }

    /// Says again what was said of a charge; moves nothing.
    private func confirm(_ charge: ChargeRecords.Charge) -> Reply {
        let order = charge.order
        var untouched = balance(of: order.iccid)
        let answer = CentreAnswer.succeeded(
            number: order.number,
            amount: order.amount,
            serial: charge.serial,
            balance: untouched
        )
        untouched.minorUnits += order.amount.minorUnits
        return Reply(answer: answer, untouchedFloat: untouched)
    }

    private mutating func reverse(
        _ original: String,
        _ order: ChargeRecords.Order,
        _ refusal: ReversalRefusal?,
        at now: Timestamp
    ) -> Reply {
        let before = balance(of: order.iccid)
        if let refusal {
            let entry = record(.notReversed(refusal, original: original), order, at: now)
            let answer = CentreAnswer.notReversed(
                refusal,
                original: original,
                number: order.number,
                amount: order.amount
            )
            return Reply(entry: entry, answer: answer, untouchedFloat: before)
        }
        update(order.iccid) { $0.balance.minorUnits += order.amount.minorUnits }
        let serial = nextSerial(at: now)
        let entry = record(.reversed(serial: serial, original: original), order, at: now)
        let answer = CentreAnswer.reversed(
            original: original,
            number: order.number,
            amount: order.amount,
            serial: serial,
            balance: entry.balance
        )
        return Reply(entry: entry, answer: answer, untouchedFloat: before)
    }

    private mutating func record(
        _ outcome: LedgerEntry.Outcome,
        _ order: ChargeRecords.Order,
        at now: Timestamp
    ) -> LedgerEntry {
        requestCount += 1
        let entry = LedgerEntry(
            outcome: outcome,
            requestID: "R" + Self.padded(requestCount),
            iccid: order.iccid,
            number: order.number,
            amount: order.amount,
            at: now,
            balance: balance(of: order.iccid)
        )
        note(entry)
        switch outcome {
        case .charged: chargeCount += 1
        case .refused: refusalCount += 1
        case .reversed: reversalCount += 1
        case .notReversed: break
        }
        return entry
    }

    private mutating func note(_ entry: LedgerEntry) {
        switch entry.outcome {
        case .charged(let serial):
            let order = ChargeRecords.Order(
                iccid: entry.iccid,
                number: entry.number,
                amount: entry.amount
            )
            records.add(ChargeRecords.Charge(order: order, serial: serial, at: entry.at))
        case .reversed(_, let original):
            records.addReversal(of: original, by: entry.iccid, at: entry.at)
        case .refused, .notReversed: break
        }
    }

    /// `S`, the date in UTC, and a count that never starts again.
    private mutating func nextSerial(at now: Timestamp) -> String {
        serialCount = serialsMax.map { serialCount % $0 + 1 } ?? serialCount + 1
        return "S" + now.rfc3339.prefix(10).filter { $0 != "-" } + Self.padded(serialCount)
    }

    private static let serialDateCount = 9

    private static func padded(_ count: Int) -> String {
        let digits = String(count)
        return String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
    }
}
