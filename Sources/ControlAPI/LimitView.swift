package import Recharge

extension UseScope: Codable {}
extension UseSpan: Codable {}
extension UseMeasure: Codable {}

/// One figure of a limit as clients see it; sums are in minor units.
package struct LimitView: Codable, Hashable, Sendable {
    package var scope: UseScope
    /// The one it is about; absent: each one of the scope for itself.
    package var subject: String?
    /// The carrier whose profile has the configured figure.
    package var carrier: CarrierID?
    package var per: UseSpan
    package var measure: UseMeasure
    /// What holds; absent: no limit.
    package var limit: Int64?
    /// What profile or configuration say; absent: no limit.
    package var configured: Int64?
    /// Of a sum; absent where several currencies add up.
    package var currency: String?
    package var setAt: Timestamp?
    package var setBy: String?
    package var reason: String?

    package init(_ figure: LimitFigure, carrier: CarrierID?, configured: Int64?) {
        scope = figure.scope
        subject = figure.subject?.visible
        self.carrier = carrier
        per = figure.span
        measure = figure.measure
        limit = configured
        self.configured = configured
    }
}

/// What was used up of a window that is open now.
package struct UseView: Codable, Hashable, Sendable {
    package var scope: UseScope
    package var subject: String
    package var per: UseSpan
    package var began: Timestamp
    package var ends: Timestamp
    package var count: Int
    package var sumMinor: Int64

    package init(_ use: WindowUse) {
        scope = use.scope
        subject = use.subject.visible
        per = use.span
        began = use.began
        ends = use.ends
        count = use.count
        sumMinor = use.minorUnits
    }
}

/// The answer to `GET /v1/limits`.
package struct LimitReport: Codable, Hashable, Sendable {
    package var limits: [LimitView]
    /// Of all scopes but numbers, which may be many.
    package var uses: [UseView]

    package init(limits: [LimitView], uses: [UseView]) {
        self.limits = limits
        self.uses = uses
    }
}

/// The body of `POST /v1/limits`: one figure, and one of ``limit``, ``amount`` and ``setting``.
package struct LimitBody: ReasonedBody, Hashable {
    /// What is said of a limit without a figure.
    package enum Setting: String, Codable, Hashable, Sendable, CaseIterable {
        /// No limit, whatever profile and configuration say.
        case unlimited = "none"
        /// What profile and configuration say.
        case configured
    }

    package var scope: UseScope
    package var subject: String?
    package var per: UseSpan
    package var measure: UseMeasure
    /// Recharges, or minor units.
    package var limit: Int64?
    /// A sum in major units, such as `5000` or `49.90`.
    package var amount: String?
    package var setting: Setting?
    package var reason: String

    package init(
        scope: UseScope,
        subject: String?,
        per: UseSpan,
        measure: UseMeasure,
        reason: String
    ) {
        self.scope = scope
        self.subject = subject
        self.per = per
        self.measure = measure
        self.reason = reason
    }
}

/// The answer to `POST /v1/limits`.
package struct LimitReceipt: Codable, Hashable, Sendable {
    /// The figure as it is now: one for each carrier that it concerns.
    package var limits: [LimitView]
    /// What a raise takes a second person for.
    package var proposal: ProposalView?

    package init(limits: [LimitView], proposal: ProposalView?) {
        self.limits = limits
        self.proposal = proposal
    }
}
