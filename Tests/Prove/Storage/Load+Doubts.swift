import JobStorage
import Recharge
import TestSupport

/// Questions to the carrier, floats, and what people decide about both.
extension Load {
    mutating func makeDoubt(_ deed: Deed) throws -> Call? {
        switch deed {
        case .ask:
            guard let (sim, attempt) = any(ended), inquiries[sim] == nil else { return nil }
            let kinds = Inquiry.Kind.allCases
            let asking = Asking(
                kind: kinds[generator.next(below: kinds.count)],
                sim: try Samples.iccid(sim),
                attempt: attempt.id,
                redactedRequest: "CX*\(attempt.id)*******",
                answersUntil: now.advanced(by: .seconds(40))
            )
            return .ask(asking)
        case .conclude:
            let outcomes = Inquiry.Outcome.allCases
            let outcome = outcomes[generator.next(below: outcomes.count)]
            return any(inquiries).map { .conclude($0.1, outcome) }
        case .reportFloat:
            guard let sim = any(sims.sorted()) else { return nil }
            let report = FloatReport(
                sim: try Samples.iccid(sim),
                balance: try Samples.yuan(Int64(100 + generator.next(below: 900))),
                messages: [try message(sim, isRead: true)],
                inquiry: generator.chance(50) ? inquiries[sim] : nil,
                isCurrent: generator.chance(50)
            )
            return .reportFloat(report)
        case .topUp:
            guard let sim = any(sims.sorted()) else { return nil }
            return .topUp(try Samples.iccid(sim), try Samples.yuan(Int64(1 + number() % 100)))
        case .proposeReversal:
            let terms = ReversalTerms(within: .seconds(86_400), sameMonth: true, perMonth: 8)
            return any(succeeded).map { .proposeReversal($0, terms) }
        case .approve: return any(proposals).map { .approve($0) }
        default: return .setClock(.seconds(generator.chance(50) ? 3600 : -3600))
        }
    }
}
