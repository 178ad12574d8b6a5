import Recharge

/// Attacks on the guards of proposals.
extension GuardAttacks {
    private static func proposal(_ values: String = "2, 'open'") -> String {
        """
        INSERT INTO proposal (kind, subject, body, reason, people, state, proposed_at, proposed_by)
        VALUES ('verdict', '1', '{}', '', \(values), 0, 'uid:1000(mei)')
        """
    }

    private static func decide(_ state: String, by actor: String) -> String {
        """
        UPDATE proposal SET state = '\(state)', decided_at = 1, decided_by = '\(actor)',
          decision = ''
        """
    }

    private static let second = "uid:1001(lan)"

    static let onApprovals: [Attack] = [
        Attack(
            name: "rewrite the key of an order",
            state: .ready,
            before: ["INSERT INTO order_key VALUES ('uid:1', 'k', 0)"],
            attack: "UPDATE order_key SET client_key = 'other'",
            refusal: "a key is taken once"
        ),
        Attack(
            name: "approve one's own proposal",
            before: [proposal()],
            attack: decide("approved", by: "uid:1000(mei)"),
            refusal: "CHECK constraint failed: state <> 'approved'"
        ),
        Attack(
            name: "approve one's own proposal under another name",
            before: [proposal()],
            attack: decide("approved", by: "uid:1000(mei2)"),
            refusal: "CHECK constraint failed: state <> 'approved'"
        ),
        Attack(
            name: "approve without a name",
            before: [proposal()],
            attack: decide("approved", by: "gateway"),
            refusal: "CHECK constraint failed: state <> 'approved'"
        ),
        Attack(
            name: "approved by nobody",
            before: [proposal()],
            attack: "UPDATE proposal SET state = 'approved'",
            refusal: "CHECK constraint failed: (state = 'open')"
        ),
        Attack(
            name: "born approved",
            attack: proposal("2, 'approved'"),
            refusal: "a proposal is born open"
        ),
        Attack(
            name: "born approved by another",
            attack: """
                INSERT INTO proposal (kind, subject, body, reason, people, state, proposed_at,
                  proposed_by, decided_at, decided_by, decision)
                VALUES ('verdict', '1', '{}', '', 2, 'approved', 0, 'uid:1000(mei)', 0,
                  '\(second)', '')
                """,
            refusal: "a proposal is born open"
        ),
        Attack(
            name: "nobody is enough",
            attack: proposal("0, 'open'"),
            refusal: "CHECK constraint failed: people = 1"
        ),
        Attack(
            name: "two open proposals about one thing",
            before: [proposal()],
            attack: proposal(),
            refusal: "UNIQUE constraint failed: proposal.kind, proposal.subject"
        ),
        Attack(
            name: "fewer people than it took",
            before: [proposal()],
            attack: "UPDATE proposal SET people = 1",
            refusal: "a proposal is only ever decided"
        ),
        Attack(
            name: "another verdict than was proposed",
            before: [proposal()],
            attack: "UPDATE proposal SET body = '{\"finding\":\"succeeded\"}'",
            refusal: "a proposal is only ever decided"
        ),
        Attack(
            name: "another piece of evidence",
            before: [proposal()],
            attack: "UPDATE proposal SET attachment = x'01'",
            refusal: "a proposal is only ever decided"
        ),
        Attack(
            name: "decide again",
            before: [proposal(), decide("rejected", by: second)],
            attack: decide("approved", by: second),
            refusal: "a proposal is only ever decided"
        ),
        Attack(
            name: "delete a proposal",
            before: [proposal()],
            attack: "DELETE FROM proposal",
            refusal: "proposals are kept"
        ),
    ]
}
