package import Documents
import Recharge

extension CarrierProfile {
    /// Reads a profile and proves it on its samples; throws every mistake at once.
    ///
    /// Every rule needs a sample that it matches, and each sample must be read as it says: the
    /// rule, and exactly the captures that it lists.
    ///
    /// - Parameters:
    ///   - document: the whole file.
    ///   - zone: finds a zone by its name, such as `Asia/Shanghai`; nil for an unknown name.
    /// - Throws: `DocumentError` with the place of each mistake.
    package init(
        reading document: Document,
        zone: (String) -> CarrierZone?
    ) throws(DocumentError) {
        self = try document.read { fields in
            Self.read(fields, digest: document.digest, zone: zone)
        }
    }

    private static func read(
        _ fields: Fields,
        digest: [UInt8]?,
        zone: (String) -> CarrierZone?
    ) -> Self? {
        let head = readHead(fields, zone: zone)
        let currency = fields.required("currency")?.parsed(
            expected: "an ISO 4217 code such as CNY"
        ) { Currency(code: $0) }
        let writing = readWriting(fields)
        let terms = readTerms(fields)
        let values = MoneyValues(fields)
        let replies = fields.required("replies")
        let samples = fields.required("samples")
        let rules = readRules(replies, notation: writing?.notation ?? .plain)
        guard let currency else { return nil }
        let money = values.read(currency)
        if let money, let rules { money.operations.check(against: rules) }
        var isComplete = true
        let sampleList: [ReplySample]? = samples?.list { value in
            let sample = value.fields {
                ReplySample.read($0, plan: writing?.plan, currency: currency)
            }
            if sample == nil { isComplete = false }
            return sample
        }
        guard let head, let writing, let terms, let money, let rules, let sampleList else {
            return nil
        }
        let profile = Self(
            head: head,
            edition: digest.map { ProfileEdition(head.id, digest: $0) },
            writing: writing,
            terms: terms,
            money: money,
            currency: currency,
            rules: rules.map(\.rule),
            position: fields.position
        )
        profile.prove(sampleList, rules: rules)
        if isComplete { Self.demandSamples(sampleList, for: rules) }
        profile.checkProofByBalance(fields)
        profile.checkValidity(fields)
        return profile
    }

    private init(
        head: Head,
        edition: ProfileEdition?,
        writing: Writing,
        terms: Terms,
        money: Money,
        currency: Currency,
        rules: [ReplyRule],
        position: Document.Position
    ) {
        self.init(
            id: head.id,
            version: head.version,
            name: head.name,
            isSimulated: head.isSimulated,
            edition: edition,
            currency: currency,
            zone: head.zone,
            numbers: writing.plan,
            homePrefixes: writing.homePrefixes,
            rechargeTo: money.rechargeTo,
            asksForReports: terms.asksForReports,
            rechargeText: money.rechargeText,
            senders: writing.senders,
            notation: writing.notation,
            rules: rules,
            amounts: money.limits.amounts,
            limits: money.limits.limits,
            simUse: money.limits.simUse,
            numberLimits: money.limits.numberLimits,
            carrierLimits: money.limits.carrierLimits,
            timing: terms.timing,
            operations: money.operations.operations,
            doubt: terms.doubt,
            float: money.float,
            duplicateWindow: terms.duplicateWindow,
            statement: terms.statement,
            position: position
        )
    }

    private func checkProofByBalance(_ fields: Fields) {
        guard doubt.unchangedBalanceProves, operations.balance == nil else { return }
        fields.optional("doubt")?.refuse(
            "lets an unchanged balance prove something, and there is no way to ask for it",
            cure: "declare the operation 'balance', or write 'unchanged_balance: tells'"
        )
    }

    /// How long a modem may take to hand over a request, from when on the network counts.
    private static let lateWithinMin = Duration.seconds(120)

    /// Seconds need the enhanced format of the period (3GPP 23.040 §9.2.3.12.3), which a network
    /// may not know: it would bring a request that counts as dead.
    private func checkValidity(_ fields: Fields) {
        guard !isSimulated else { return }
        if timing.lateWithin < CarrierProfile.lateWithinMin {
            fields.optional("timing")?.refuse(
                "has a late_within of less than 2min: a modem may need that to hand over a request",
                cure: "write 'late_within: 2min' or more"
            )
        }
        guard timing.validity < .seconds(300) else { return }
        fields.optional("timing")?.refuse(
            "has a validity of less than 5min, which a real network may not keep to",
            cure: "write 'validity: 5min' or more"
        )
    }

    /// What the profile is.
    private struct Head {
        let id: CarrierID
        let version: Int
        let name: String
        let isSimulated: Bool
        let zone: CarrierZone
    }

    private static func readHead(_ fields: Fields, zone: (String) -> CarrierZone?) -> Head? {
        let id = fields.required("id")?.parsed(
            expected: "1 to 32 lower-case letters, digits and hyphens"
        ) { CarrierID($0) }
        let version = fields.required("version")?.integer(in: 1...1_000_000)
        let name = fields.required("name")?.string()
        let simulated = fields.optional("simulated")
        let isSimulated = simulated == nil ? false : simulated?.boolean()
        let days = fields.required("zone")?.parsed(
            expected: "a zone such as Asia/Shanghai, +08:00 or UTC",
            zone
        )
        guard let id, let version, let name, let isSimulated, let days else { return nil }
        return Head(id: id, version: version, name: name, isSimulated: isSimulated, zone: days)
    }

    /// How the carrier writes numbers and amounts.
    private struct Writing {
        let plan: NumberPlan
        let homePrefixes: [String]
        let notation: AmountNotation
        let senders: [SenderPattern]
    }

    private static func readWriting(_ fields: Fields) -> Writing? {
        let plan = fields.required("numbers")?.fields(readNumberPlan)
        let homePrefixes =
            fields.optional("home_prefixes")?.list { $0.digits(count: 1...10) } ?? []
        let notation = fields.optional("amount_notation").map { $0.fields(readNotation) } ?? .plain
        let senders = fields.required("senders")?.list(count: 1...50) { value in
            value.parsed(expected: "3 to 15 digits, digits and '*', or a name of 1 to 11 letters") {
                SenderPattern($0, countryCode: plan?.countryCode ?? "")
            }
        }
        guard let plan, let notation, let senders else { return nil }
        return Writing(
            plan: plan,
            homePrefixes: homePrefixes,
            notation: notation,
            senders: senders
        )
    }

    private static func readNumberPlan(_ fields: Fields) -> NumberPlan? {
        let countryCode = fields.required("country_code")?.digits(count: 1...3)
        let length = fields.required("national_digits")?.parsed(
            expected: "a count of digits such as 11, or a range such as 9-11 (4 to 14)"
        ) { digitRange($0) }
        let prefixes = fields.optional("prefixes")?.list { $0.digits(count: 1...10) } ?? []
        let trunkPrefix = fields.optional("trunk_prefix")?.digits(count: 1...3)
        guard let countryCode, let length else { return nil }
        return NumberPlan(
            countryCode: countryCode,
            nationalLength: length,
            prefixes: prefixes,
            trunkPrefix: trunkPrefix
        )
    }

    private static func digitRange(_ text: String) -> ClosedRange<Int>? {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.utf8.count <= 2 && !$0.hasPrefix("+") ? Int($0) : nil }
        guard (1...2).contains(bounds.count), let first = bounds.first, let lower = first,
            let last = bounds.last, let upper = last, 4 <= lower, lower <= upper, upper <= 14
        else { return nil }
        return lower...upper
    }

    private static func readNotation(_ fields: Fields) -> AmountNotation? {
        let mark: (DocumentValue) -> Unicode.Scalar? = { value in
            value.parsed(expected: "one character in quotes, such as \",\"") {
                $0.unicodeScalars.count == 1 ? $0.unicodeScalars.first : nil
            }
        }
        let decimal = fields.required("decimal").flatMap(mark)
        let grouping = fields.optional("grouping").map(mark)
        guard let decimal else { return nil }
        if case .some(nil) = grouping { return nil }
        return AmountNotation(decimal: decimal, grouping: grouping ?? nil)
            ?? fields.refuse(
                "the marks are equal, or one is a digit, a hyphen or white space",
                expected: "two different characters such as \".\" and \",\""
            )
    }

    /// What is waited for and what is compared.
    private struct Terms {
        let timing: CarrierTiming
        let doubt: CarrierDoubt
        let duplicateWindow: Duration
        let statement: StatementLayout?
        let asksForReports: Bool
    }

    private static func readTerms(_ fields: Fields) -> Terms? {
        let timing = fields.required("timing")?.fields(CarrierTiming.read)
        let doubt = fields.optional("doubt").map { $0.fields(CarrierDoubt.read) } ?? .standard
        let window = fields.optional("duplicates").map { value in
            value.fields { $0.required("window")?.duration(in: .zero ... .seconds(31 * 86_400)) }
        }
        let statement = fields.optional("statement").map { $0.fields(StatementLayout.read) }
        let reports = fields.optional("status_reports").map { $0.boolean() } ?? true
        guard let timing, let doubt, let window = window ?? .zero, statement != .some(nil),
            let reports
        else { return nil }
        return Terms(
            timing: timing,
            doubt: doubt,
            duplicateWindow: window,
            statement: statement ?? nil,
            asksForReports: reports
        )
    }

    /// What depends on the currency, read once that is known.
    private struct Money {
        let rechargeTo: String
        let rechargeText: RequestTemplate
        let limits: CarrierLimits
        let operations: DeclaredOperations
        let float: FloatTerms
    }

    private struct MoneyValues {
        let recharge: DocumentValue?
        let limits: DocumentValue?
        let operations: DocumentValue?
        let float: DocumentValue?

        init(_ fields: Fields) {
            recharge = fields.required("recharge")
            limits = fields.required("limits")
            operations = fields.optional("operations")
            float = fields.optional("float")
        }

        func read(_ currency: Currency) -> Money? {
            let request = recharge?.fields { fields -> (to: String, text: RequestTemplate)? in
                let to = fields.required("to")?.centre()
                let text = fields.required("text")?.template { text throws(TemplateError) in
                    try RequestTemplate(text, for: .recharge, currency: currency)
                }
                guard let to, let text else { return nil }
                return (to, text)
            }
            let limits = limits?.fields { CarrierLimits.read($0, currency: currency) }
            let operations = operations.map { value in
                value.fields { DeclaredOperations.read($0, currency: currency) }
            }
            let float = float.map { value in
                value.fields { FloatTerms.read($0, currency: currency) }
            }
            guard let request, let limits, let operations = operations ?? DeclaredOperations.none,
                let float = float ?? FloatTerms.none
            else { return nil }
            return Money(
                rechargeTo: request.to,
                rechargeText: request.text,
                limits: limits,
                operations: operations,
                float: float
            )
        }
    }

    /// Nil unless every rule could be read: samples proved on half the rules mislead.
    private static func readRules(
        _ value: DocumentValue?,
        notation: AmountNotation
    ) -> [PositionedRule]? {
        var names: Set<String> = []
        var templates: Set<ReplyTemplate> = []
        var isComplete = true
        let rules: [PositionedRule]? = value?.list(count: 1...200) { item in
            guard let rule = item.fields({ ReplyRule.read($0, notation: notation) }) else {
                isComplete = false
                return nil
            }
            if !names.insert(rule.name).inserted {
                isComplete = false
                item.refuse("has the name of an earlier rule", cure: "names are unique")
            }
            if !templates.insert(rule.template).inserted {
                isComplete = false
                item.refuse("has the text of an earlier rule, which it would never get past")
            }
            return PositionedRule(rule: rule, value: item)
        }
        return isComplete ? rules : nil
    }
}

/// A rule and where it stands, while its profile is read.
struct PositionedRule {
    let rule: ReplyRule
    let value: DocumentValue
}

extension DocumentValue {
    /// A text of ASCII digits.
    func digits(count: ClosedRange<Int>) -> String? {
        let range =
            count.lowerBound == count.upperBound
            ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
        return parsed(expected: "\(range) digits") { text in
            count.contains(text.utf8.count) && text.unicodeScalars.allSatisfy(isDigit) ? text : nil
        }
    }

    /// A template; what is wrong with it is recorded with its cure.
    func template<Template>(
        _ parse: (String) throws(TemplateError) -> Template
    ) -> Template? {
        guard let text = string() else { return nil }
        do {
            return try parse(text)
        } catch {
            return refuse(error.what, cure: error.cure)
        }
    }

    /// An amount in major units, zero too.
    func anyAmount(_ currency: Currency) -> Amount? {
        parsed(expected: "an amount in \(currency.code), such as 50 or 49.90") {
            Amount(major: $0, currency: currency)
        }
    }

    /// An amount in major units that is above zero.
    func amount(_ currency: Currency) -> Amount? {
        parsed(expected: "an amount above zero in \(currency.code), such as 50 or 49.90") { text in
            Amount(major: text, currency: currency).flatMap { $0.minorUnits > 0 ? $0 : nil }
        }
    }
}
