import ControlAPI
import Recharge

/// Every figure of every limit: what is configured, and what people set in its place.
struct LimitTable {
    private let carriers: [CarrierTerms]
    private let own: ClaimUses
    /// The carriers of the SIMs that have a figure of their own.
    private let sims: [String: CarrierID]
    private let overrides: [LimitFigure: UseOverride]

    /// - Parameters:
    ///   - carriers: with what their profiles say of SIMs, numbers and themselves.
    ///   - own: what the gateway's configuration says of clients and of all together.
    ///   - sims: all that are known.
    ///   - overrides: what people set.
    init(
        carriers: [CarrierTerms],
        own: ClaimUses,
        sims: [SIM],
        overrides: [UseOverride]
    ) {
        self.carriers = carriers.sorted { $0.id.name < $1.id.name }
        self.own = own
        self.sims = Dictionary(
            sims.map { ($0.iccid.digits, $0.carrier) },
            uniquingKeysWith: { first, _ in first }
        )
        self.overrides = Dictionary(
            overrides.map { ($0.figure, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The figures that are limited, or were set.
    var limits: [LimitView] {
        UseScope.allCases.flatMap { scope in
            subjects(of: scope).flatMap { subject in
                UseSpan.allCases.flatMap { span in
                    UseMeasure.allCases.flatMap { measure in
                        limits(of: LimitFigure(scope, subject, span, measure)).filter {
                            $0.limit != nil || $0.configured != nil || $0.setBy != nil
                        }
                    }
                }
            }
        }
    }

    /// One figure: for each carrier where what is configured is the carrier's.
    func limits(of figure: LimitFigure) -> [LimitView] {
        concerned(by: figure).map { carrier in
            let uses = carrier?.uses ?? own
            var view = LimitView(
                figure,
                carrier: carrier?.id,
                configured: uses[figure.scope][figure.span][figure.measure]
            )
            view.currency = figure.measure == .sum ? currency(of: figure)?.code : nil
            let each = LimitFigure(figure.scope, nil, figure.span, figure.measure)
            if let set = overrides[figure] ?? overrides[each] {
                view.limit = set.value
                view.setAt = set.setAt
                view.setBy = set.setBy.visible
                view.reason = set.reason.visible
            }
            return view
        }
    }

    /// The one currency that its sums are in; nil where several add up.
    func currency(of figure: LimitFigure) -> Currency? {
        let concerned = concerned(by: figure).compactMap(\.self)
        let currencies = Set((concerned.isEmpty ? carriers : concerned).map(\.rules.currency))
        return currencies.count == 1 ? currencies.first : nil
    }

    /// Whether there is such a one.
    func isKnown(_ figure: LimitFigure) -> Bool {
        guard let subject = figure.subject else { return true }
        switch figure.scope {
        case .sim: return sims[subject] != nil
        case .carrier: return carriers.contains { $0.id.name == subject }
        case .client: return UInt32(subject.dropFirst(4)).map { "uid:\($0)" == subject } ?? false
        case .number, .global: return false
        }
    }

    /// The carriers whose profiles say what is configured; one nil where no profile does.
    private func concerned(by figure: LimitFigure) -> [CarrierTerms?] {
        switch figure.scope {
        case .client, .global: return [nil]
        case .number: return carriers
        case .sim:
            guard let subject = figure.subject else { return carriers }
            return carriers.filter { $0.id == sims[subject] }
        case .carrier:
            return carriers.filter { figure.subject == nil || $0.id.name == figure.subject }
        }
    }

    /// Nil is each one for itself.
    private func subjects(of scope: UseScope) -> [String?] {
        let set = Set(overrides.keys.filter { $0.scope == scope }.compactMap(\.subject)).sorted()
        switch scope {
        case .carrier: return carriers.map(\.id.name)
        case .sim, .number, .client, .global: return [nil] + set
        }
    }
}
