import ControlAPI
import Hummingbird
import JobStorage
import Recharge

/// The routes of carriers' profiles, and of the people who stand for one.
extension ControlService {
    var profileRoutes: [Route] {
        [
            .get(
                "/v1/profiles",
                "List the carrier profiles.",
                answer: .json("ProfilePage"),
                listProfiles
            ),
            .post(
                "/v1/profiles/{id}/verify",
                .operator,
                "Let a profile move money as this file has it, once a second person approved.",
                body: .json("VerifyBody"),
                answer: .json("ProposalReceipt"),
                verifyProfile
            ),
        ]
    }

    /// What the socket knows of each carrier, and whether people stand for its profile by now.
    func carriers() async throws -> [CarrierTerms] {
        let verifications = try await verifications()
        return configuration.carriers.map { terms in
            var terms = terms
            if terms.verification(among: verifications) != nil { terms.rules.isVerified = true }
            return terms
        }
    }

    private func verifications() async throws -> [ProfileVerification] {
        let editions = configuration.carriers.filter { !$0.rules.isVerified }
            .compactMap(\.edition)
        guard !editions.isEmpty else { return [] }
        return try await store.verifications(
            of: editions.map(\.carrier),
            people: configuration.approvals.people
        )
    }

    @Sendable
    private func listProfiles(_ call: ControlCall) async throws -> Response {
        let verifications = try await verifications()
        let views = configuration.carriers.map { terms in
            var view = terms.view
            if let verification = terms.verification(among: verifications) {
                view.isVerified = true
                view.verifiedBy = verification.people.joined(separator: " and ").visible
                view.verifiedAt = verification.at
            } else {
                let earlier = verifications.last { $0.edition.carrier == terms.id }
                view.earlierVerifiedAt = earlier?.at
            }
            return view
        }
        return try .json(PageView(items: views, next: nil))
    }

    @Sendable
    private func verifyProfile(_ call: ControlCall) async throws -> Response {
        let name = call.parameters.get("id") ?? ""
        guard let terms = configuration.carriers.first(where: { $0.id.name == name }) else {
            throw Problem(
                .notFound,
                detail: "there is no profile '\(name.visible)'"
            )
        }
        guard let edition = terms.edition, !terms.isSimulated else {
            throw Problem(
                .wrongState,
                detail: "profile '\(terms.id)' is simulated: no money is behind it, and it works "
                    + "on simulated transceivers alone"
            )
        }
        return try await order(call, as: VerifyBody.self) { body, reason in
            guard body.digest == edition.digest else {
                throw Problem(
                    .wrongState,
                    detail: "profile '\(terms.id)': this file is not the one that the gateway "
                        + "started with (SHA-256 \(edition.digest.prefix(12))…): start it again, "
                        + "or look at the file that it read"
                )
            }
            return try await receipt(
                try await store.verify(
                    edition,
                    reason: reason,
                    people: approvals(call).people,
                    by: call.actor,
                    at: call.at
                )
            )
        }
    }
}

extension CarrierTerms {
    /// The one of this edition of the profile.
    fileprivate func verification(
        among verifications: [ProfileVerification]
    ) -> ProfileVerification? {
        verifications.last { $0.edition == edition }
    }
}
