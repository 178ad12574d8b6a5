import Foundation
import Recharge

private typealias SQL = GuardedDatabase

/// Attacks on the guards of inquiries, movements and disputes.
extension GuardAttacks {
    private static let inquiry = """
        INSERT INTO inquiry (sim_id, attempt_id, kind, asked_at, fence_until, redacted_digest)
        VALUES (1, 1, 'reconfirm', 0, 0, x'00')
        """
    private static let dispute = """
        INSERT INTO dispute (job_id, cause, state, reason, opened_at, opened_by, due_at)
        VALUES (1, 'complaint', 'open', '', 0, 'test', 0)
        """

    private static let topUp = SQL.insertMovement("top_up", amount: 5, attempt: "NULL")
        .replacing("actor)", with: "actor, client_key)")
        .replacing("'test')", with: "'test', 'k')")

    private static let unchangedTwice = Array(
        repeating: SQL.insertEvidence("not_executed", grade: 1, kind: "balance"),
        count: 2
    )
    private static let openBooks = "UPDATE sim SET float_opened_at = 0, float_minor = 20"

    /// Attacks on the guard of what an unchanged float proves.
    static let onFloats: [Attack] = [
        Attack(
            name: "doubt left by one unchanged balance",
            state: .unknown,
            before: [openBooks, unchangedTwice[0]],
            attack: SQL.close("not_executed"),
            refusal: "doubt is left by proof of its grade"
        ),
        Attack(
            name: "doubt left by a float that the books do not expect",
            state: .unknown,
            before: unchangedTwice + [openBooks, "UPDATE sim SET float_minor = 25"],
            attack: SQL.close("not_executed"),
            refusal: "doubt is left by proof of its grade"
        ),
        Attack(
            name: "doubt left by a float of books that nobody opened",
            state: .unknown,
            before: unchangedTwice + ["UPDATE sim SET float_minor = 20"],
            attack: SQL.close("not_executed"),
            refusal: "doubt is left by proof of its grade"
        ),
        Attack(
            name: "doubt left by a float that a top-up brought back",
            state: .unknown,
            before: unchangedTwice + [
                SQL.insertMovement("top_up", amount: 5, attempt: "NULL"), openBooks,
            ],
            attack: SQL.close("not_executed"),
            refusal: "doubt is left by proof of its grade"
        ),
        Attack(
            name: "doubt left by a float beside an answer that names the attempt",
            state: .unknown,
            before: unchangedTwice + [openBooks, SQL.insertEvidence("inconclusive", grade: 0)],
            attack: SQL.close("not_executed"),
            refusal: "doubt is left by proof of its grade"
        ),
        Attack(
            name: "doubt left by an absent record beside an answer",
            state: .unknown,
            before: [
                SQL.insertEvidence("not_executed", grade: 4, kind: "history"),
                SQL.insertEvidence("success", grade: 0),
            ],
            attack: SQL.close("not_executed"),
            refusal: "an answer says otherwise"
        ),
        Attack(
            name: "doubt left by an absent record beside an order in hand",
            state: .unknown,
            before: [
                SQL.insertEvidence("not_executed", grade: 4, kind: "history"),
                SQL.insertEvidence("inconclusive", grade: 3),
            ],
            attack: SQL.close("not_executed"),
            refusal: "an answer says otherwise"
        ),
        Attack(
            name: "doubt left by a float of a SIM that sent more",
            state: .unknown,
            before: unchangedTwice + [
                openBooks, SQL.insertJob(2, number: "+8613800000002"), SQL.move(2, to: .leased),
                SQL.insertAttempt(1, job: 2),
            ],
            attack: SQL.close("not_executed"),
            refusal: "doubt is left by proof of its grade"
        ),
    ]

    static let onMoney: [Attack] = [
        Attack(
            name: "reconfirm what was never in doubt",
            state: .armed,
            attack: inquiry,
            refusal: "an inquiry is about an attempt in doubt on its SIM"
        ),
        Attack(
            name: "reconfirm on another SIM",
            state: .unknown,
            attack: inquiry.replacing("VALUES (1,", with: "VALUES (2,"),
            refusal: "an inquiry is about an attempt in doubt on its SIM"
        ),
        Attack(
            name: "two open inquiries on a SIM",
            state: .unknown,
            before: [inquiry],
            attack: inquiry,
            refusal: "UNIQUE constraint failed: inquiry.sim_id"
        ),
        Attack(
            name: "an answered inquiry opened again",
            state: .unknown,
            before: [inquiry, "UPDATE inquiry SET outcome = 'answered', outcome_at = 1"],
            attack: "UPDATE inquiry SET outcome = 'silent'",
            refusal: "an inquiry is fixed once made"
        ),
        Attack(
            name: "delete an inquiry",
            state: .unknown,
            before: [inquiry],
            attack: "DELETE FROM inquiry",
            refusal: "inquiries are kept"
        ),
        Attack(
            name: "doubt left by words that prove nothing",
            state: .unknown,
            before: [SQL.insertEvidence("not_executed", grade: 0, kind: "trace")],
            attack: SQL.close("not_executed"),
            refusal: "doubt is left by proof of its grade"
        ),
        Attack(
            name: "success by a balance alone",
            state: .unknown,
            before: [SQL.insertEvidence("success", grade: 1, kind: "balance")],
            attack: SQL.close("success"),
            refusal: "a verdict without evidence"
        ),
        Attack(
            name: "money that no proof moved",
            state: .armed,
            attack: SQL.insertMovement(),
            refusal: "money moves with a proved attempt"
        ),
        Attack(
            name: "another amount than was ordered",
            state: .armed,
            before: [SQL.insertEvidence("success"), SQL.close("success")],
            attack: SQL.insertMovement(amount: -999),
            refusal: "money moves with a proved attempt"
        ),
        Attack(
            name: "succeeded and nothing was booked",
            state: .armed,
            before: [SQL.insertEvidence("success"), SQL.close("success")],
            attack: SQL.move(to: .succeeded),
            refusal: "succeeded without its movement of money"
        ),
        Attack(
            name: "booked twice",
            state: .succeeded,
            attack: SQL.insertMovement(),
            refusal: "UNIQUE constraint failed: movement.attempt_id"
        ),
        Attack(
            name: "a float in two currencies",
            state: .succeeded,
            attack: SQL.insertMovement("top_up", amount: 5, attempt: "NULL", currency: "EUR"),
            refusal: "a float has one currency"
        ),
        Attack(
            name: "change a movement",
            state: .succeeded,
            attack: "UPDATE movement SET amount = -1",
            refusal: "movements are append-only"
        ),
        Attack(
            name: "delete a movement",
            state: .succeeded,
            attack: "DELETE FROM movement",
            refusal: "movements are append-only"
        ),
        Attack(
            name: "reverse what was not proved",
            state: .failed,
            attack: SQL.insertReversal(),
            refusal: "a reversal takes back a whole proved recharge"
        ),
        Attack(
            name: "change what a dispute says",
            state: .succeeded,
            before: [dispute],
            attack: "UPDATE dispute SET reason = 'nothing'",
            refusal: "a dispute is only ever closed"
        ),
        Attack(
            name: "a dispute born closed",
            state: .succeeded,
            attack:
                dispute
                .replacing("due_at)", with: "due_at, closed_at, closed_by, closing)")
                .replacing("'open'", with: "'rejected'")
                .replacing("'test', 0)", with: "'test', 0, 0, 'test', '')"),
            refusal: "a dispute is born open"
        ),
        Attack(
            name: "two open disputes about one thing",
            state: .succeeded,
            before: [dispute],
            attack: dispute,
            refusal: "UNIQUE constraint failed: dispute.job_id, dispute.cause"
        ),
        Attack(
            name: "a float opened twice",
            before: [SQL.insertMovement("opening", amount: 5, attempt: "NULL")],
            attack: SQL.insertMovement("opening", amount: 5, attempt: "NULL"),
            refusal: "UNIQUE constraint failed: movement.sim_id"
        ),
        Attack(
            name: "one top-up booked twice",
            before: [topUp],
            attack: topUp,
            refusal: "UNIQUE constraint failed: movement.client_key"
        ),
        Attack(
            name: "delete a dispute",
            state: .succeeded,
            before: [dispute],
            attack: "DELETE FROM dispute",
            refusal: "disputes are kept"
        ),
    ]
}

extension String {
    fileprivate func replacing(_ text: String, with other: String) -> String {
        replacingOccurrences(of: text, with: other)
    }
}
