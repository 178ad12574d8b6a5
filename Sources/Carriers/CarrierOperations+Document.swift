import Documents
import Recharge

/// The `operations` of a document, and where each stands.
struct DeclaredOperations {
    let operations: CarrierOperations
    let values: [RequestTemplate.Purpose: DocumentValue]

    static var none: DeclaredOperations { DeclaredOperations(operations: .none, values: [:]) }

    static func read(_ fields: Fields, currency: Currency) -> DeclaredOperations? {
        var values: [RequestTemplate.Purpose: DocumentValue] = [:]
        for purpose in RequestTemplate.Purpose.allCases where purpose != .recharge {
            values[purpose] = fields.optional(purpose.rawValue)
        }
        var read: [RequestTemplate.Purpose: CarrierOperation] = [:]
        for purpose in [RequestTemplate.Purpose.balance, .history, .reconfirm] {
            read[purpose] = values[purpose]?.fields {
                CarrierOperation.read($0, for: purpose, currency: currency)
            }
        }
        let reverse = values[.reverse]?.fields { CarrierReversal.read($0, currency: currency) }
        guard read.count + (reverse == nil ? 0 : 1) == values.count else { return nil }
        let operations = CarrierOperations(
            balance: read[.balance],
            history: read[.history],
            reconfirm: read[.reconfirm],
            reverse: reverse
        )
        return DeclaredOperations(operations: operations, values: values)
    }

    /// Records each rule that answers what is not declared, and each operation without an answer.
    func check(against rules: [PositionedRule]) {
        for rule in rules {
            guard let purpose = rule.rule.meaning.purpose, values[purpose] == nil else { continue }
            rule.value.refuse(
                "has the meaning '\(rule.rule.meaning.rawValue)', which answers the operation "
                    + "'\(purpose.rawValue)', and that is not declared",
                cure: "declare it under 'operations', or remove the rule"
            )
        }
        let meanings = Set(rules.map(\.rule.meaning))
        for purpose in RequestTemplate.Purpose.allCases {
            guard let value = values[purpose], !meanings.contains(purpose.answer) else { continue }
            value.refuse(
                "has no rule of the meaning '\(purpose.answer.rawValue)', which answers it",
                cure: "add one under 'replies', or remove the operation"
            )
        }
        let isNumbered = rules.allSatisfy {
            $0.rule.meaning != .recharged || !$0.rule.lacks.contains(.serial)
        }
        guard let reconfirm = values[.reconfirm], !isNumbered else { return }
        reconfirm.refuse(
            "may be answered as an earlier recharge was, since some have no serial number",
            cure: "leave it out unless every rule of the meaning 'recharged' captures {serial}"
        )
    }
}

extension CarrierOperation {
    fileprivate static func read(
        _ fields: Fields,
        for purpose: RequestTemplate.Purpose,
        currency: Currency
    ) -> CarrierOperation? {
        let danger = fields.required("danger")?.danger(of: purpose)
        let isSafe = purpose != .reconfirm || isIdempotent(fields)
        let isOfOne = purpose == .reconfirm || purpose == .history
        let within = isOfOne ? fields.optional("within") : nil
        let known = within.map { $0.duration(in: .seconds(60)...maximumAge) }
        let day = isOfOne ? fields.optional("same_day") : nil
        let sameDay = day.map { $0.boolean() } ?? false
        let to = fields.required("to")?.centre()
        let text = fields.required("text")?.template { text throws(TemplateError) in
            try RequestTemplate(text, for: purpose, currency: currency)
        }
        guard let danger, isSafe, let to, let text, known != .some(nil), let sameDay else {
            return nil
        }
        return CarrierOperation(
            danger: danger,
            to: to,
            text: text,
            within: known ?? nil,
            sameDay: sameDay
        )
    }

    private static func isIdempotent(_ fields: Fields) -> Bool {
        let why = "without that a reconfirmation is a second payment"
        let cure = "leave 'reconfirm' out unless the carrier promises that it never pays twice"
        guard let value = fields.optional("idempotent") else {
            fields.refuse("does not say 'idempotent: true'; \(why)", cure: cure)
            return false
        }
        guard let isIdempotent = value.boolean() else { return false }
        if !isIdempotent { value.refuse("is not true; \(why)", cure: cure) }
        return isIdempotent
    }
}

extension CarrierReversal {
    fileprivate static func read(_ fields: Fields, currency: Currency) -> CarrierReversal? {
        let within = fields.required("within")?.duration(in: .seconds(60)...maximumAge)
        let sameMonth = fields.optional("same_month").map { $0.boolean() } ?? false
        let perMonth = fields.optional("per_month").map { $0.integer(in: 1...10_000) }
        let operation = CarrierOperation.read(fields, for: .reverse, currency: currency)
        guard let operation, let within, let sameMonth, perMonth != .some(nil) else { return nil }
        return CarrierReversal(
            operation: operation,
            within: within,
            sameMonth: sameMonth,
            perMonth: perMonth ?? nil
        )
    }
}

/// The oldest recharge that a carrier may still be asked about.
private let maximumAge = Duration.seconds(366 * 86_400)

extension RequestTemplate.Purpose {
    /// What an answer means without which the operation is of no use.
    fileprivate var answer: ReplyMeaning {
        switch self {
        case .recharge, .reconfirm: .recharged
        case .balance: .balance
        case .history: .onRecord
        case .reverse: .reversed
        }
    }

    fileprivate var danger: OperationDanger {
        switch self {
        case .balance, .history: .reads
        case .recharge, .reconfirm, .reverse: .movesMoney
        }
    }
}

extension ReplyMeaning {
    /// The operation that it answers; nil for what answers a recharge or nothing.
    fileprivate var purpose: RequestTemplate.Purpose? {
        switch self {
        case .balance: .balance
        case .onRecord, .noRecord: .history
        case .reversed, .reversalRefused: .reverse
        case .recharged, .inProgress, .badNumber, .notOurNumber, .refused, .busy, .tryElsewhere,
            .lowFloat, .wrongPIN, .pinBlocked, .information:
            nil
        }
    }
}

extension DocumentValue {
    /// The number that requests are sent to.
    func centre() -> String? {
        parsed(expected: "the number of the recharge centre: 3 to 20 digits, perhaps with +") {
            let digits = $0.hasPrefix("+") ? $0.dropFirst() : Substring($0)
            let isNumber = digits.unicodeScalars.allSatisfy(isDigit)
            return isNumber && (3...20).contains(digits.utf8.count) ? $0 : nil
        }
    }

    /// The danger class, which only says what the operation is anyway: it makes the writer think.
    fileprivate func danger(of purpose: RequestTemplate.Purpose) -> OperationDanger? {
        guard let danger = oneOf(OperationDanger.self) else { return nil }
        guard danger == purpose.danger else {
            return refuse(
                "is '\(danger.rawValue)', which '\(purpose.rawValue)' is not",
                expected: "'\(purpose.danger.rawValue)'",
                cure: purpose.danger == .reads
                    ? "if the request moves money, it is another operation" : "correct it"
            )
        }
        return danger
    }
}
