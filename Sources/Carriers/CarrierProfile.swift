package import Documents
package import Recharge

/// What a carrier's recharge centre is told, what it answers, and what it allows.
///
/// A profile exists only if its document has no mistake and each of its samples reads as it says:
/// see `init(reading:zone:)`.
package struct CarrierProfile: Hashable, Sendable {
    /// Which amounts one order may have.
    package struct Amounts: Hashable, Sendable {
        /// What an amount between the bounds must be.
        package enum Step: Hashable, Sendable {
            case any
            case multiple(Amount)
            case denominations([Amount])
        }

        package let min: Amount
        package let max: Amount
        package let step: Step
    }

    package let id: CarrierID
    package let version: Int
    package let name: String
    /// Whether its recharge centre is the one that modemsim plays: nobody's money moves.
    package let isSimulated: Bool
    /// What of it people verify; nil where it was not read from a file.
    package let edition: ProfileEdition?
    package let currency: Currency
    package let zone: CarrierZone
    package let numbers: NumberPlan
    /// What the carrier's own national numbers began with when they were allotted; may be empty.
    ///
    /// A hint for routing and no more: numbers are ported between carriers.
    package let homePrefixes: [String]
    package let rechargeTo: String
    /// Whether the network is asked what became of each request that moves money.
    package let asksForReports: Bool
    let rechargeText: RequestTemplate
    let senders: [SenderPattern]
    let notation: AmountNotation
    /// In the order in which they are tried.
    package let rules: [ReplyRule]
    package let amounts: Amounts
    package let limits: SIMLimits
    /// Of one SIM, beside `limits`.
    package let simUse: UseLimits
    /// Of one subscriber's number.
    package let numberLimits: UseLimits
    /// Of all the carrier's SIMs together.
    package let carrierLimits: UseLimits
    package let timing: CarrierTiming
    package let operations: CarrierOperations
    package let doubt: CarrierDoubt
    package let float: FloatTerms
    /// How long after an order another one for the same number and amount is held; zero: never.
    package let duplicateWindow: Duration
    /// Nil where the carrier gives no statement, or its layout is not known.
    package let statement: StatementLayout?
    /// Where its document begins, for messages about it.
    package let position: Document.Position

    /// Whether requests need the SIM's PIN, those of any operation.
    package var needsPIN: Bool {
        rechargeText.has(.pin) || operations.templates.contains { $0.has(.pin) }
    }

    /// Whether a number was allotted to this carrier, as far as its beginning says.
    package func wasAllotted(_ number: PhoneNumber) -> Bool {
        guard let national = numbers.national(number) else { return false }
        return homePrefixes.contains { national.hasPrefix($0) }
    }

    /// Reads a message that a SIM of this carrier received: the first rule that matches counts.
    ///
    /// A rule whose captured number does not fit the number plan, whose amount has more decimals
    /// than the currency or is too large to hold, or whose time the zone's clocks never show, does
    /// not match, and the next one is tried. A text longer than 2,000 characters is never
    /// recognised.
    ///
    /// - Parameters:
    ///   - text: the whole text, parts joined.
    ///   - sender: the originating address as the message shows it, with `+` where international.
    /// - Returns: what the message says; it names no job.
    package func read(text: String, from sender: String) -> CarrierReading {
        guard senders.contains(where: { $0.matches(sender, countryCode: numbers.countryCode) })
        else { return .notFromCarrier }
        guard let text = ReplyText(text) else { return .unrecognised }
        for rule in rules {
            guard let match = rule.template.match(text, notation: notation),
                let answer = answer(rule, match)
            else { continue }
            return .matched(answer)
        }
        return .unrecognised
    }

    private func answer(_ rule: ReplyRule, _ match: ReplyMatch) -> CarrierAnswer? {
        let number = match.number.flatMap(subscriber)
        let amount = match.amount.flatMap { Amount(major: $0, currency: currency) }
        let balance = match.balance.flatMap { Amount(major: $0, currency: currency) }
        let time = match.time.flatMap(zone.moment(local:))
        guard (number == nil) == (match.number == nil), (amount == nil) == (match.amount == nil),
            (balance == nil) == (match.balance == nil), (time == nil) == (match.time == nil)
        else { return nil }
        return CarrierAnswer(
            rule: rule.name,
            meaning: rule.meaning,
            number: number,
            maskedNumber: match.maskedNumber,
            amount: amount,
            balance: balance,
            serial: match.serial,
            time: time,
            original: match.original,
            lacks: rule.lacks
        )
    }

    /// A number as carriers write it: as the plan reads it, or with the country code and no plus.
    func subscriber(_ text: String) -> PhoneNumber? {
        numbers.number(text) ?? (text.hasPrefix("+") ? nil : numbers.number("+" + text))
    }
}
