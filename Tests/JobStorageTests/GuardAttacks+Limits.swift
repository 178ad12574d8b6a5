import Recharge
import Testing

@testable import JobStorage

private typealias SQL = GuardedDatabase

extension GuardAttacks {
    private static let window = """
        INSERT INTO use (scope, subject, span, began, ends, count, amount_sum)
        VALUES ('client', 'c', 'day', 0, 10, 1, 1000)
        """
    private static let waived = "limits are waived for a job that is held over one"

    static let onLimits: [Attack] = [
        Attack(
            name: "a window gives back more than was used",
            before: [window],
            attack: "UPDATE use SET count = count - 2",
            refusal: "CHECK constraint failed: count >= 0"
        ),
        Attack(
            name: "a window's sum falls below zero",
            before: [window],
            attack: "UPDATE use SET amount_sum = -1",
            refusal: "CHECK constraint failed: amount_sum >= 0"
        ),
        Attack(
            name: "a window is moved",
            before: [window],
            attack: "UPDATE use SET ends = 20",
            refusal: "a window stays where it is"
        ),
        Attack(
            name: "a window without an end",
            attack: window.replacing("0, 10", with: "10, 10"),
            refusal: "CHECK constraint failed: ends > began"
        ),
        Attack(
            name: "a window of no scope",
            attack: window.replacing("'client'", with: "'lane'"),
            refusal: "CHECK constraint failed"
        ),
        Attack(
            name: "a limit below zero",
            attack: """
                INSERT INTO use_limit (scope, subject, span, measure, value, set_at, set_by, reason)
                VALUES ('global', '', 'day', 'count', -1, 0, 'x', 'x')
                """,
            refusal: "CHECK constraint failed: value >= 0"
        ),
        Attack(
            name: "a limit that names a number",
            attack: """
                INSERT INTO use_limit (scope, subject, span, measure, value, set_at, set_by, reason)
                VALUES ('number', '+8613800000001', 'day', 'count', 1, 0, 'x', 'x')
                """,
            refusal: "CHECK constraint failed: scope <> 'number'"
        ),
        Attack(
            name: "limits waived for a job that is over none",
            attack: "UPDATE job SET limits_waived = 1",
            refusal: waived
        ),
        Attack(
            name: "limits waived for a job that is held for something else",
            state: .held,
            attack: "UPDATE job SET limits_waived = 1",
            refusal: waived
        ),
        Attack(
            name: "a waiver taken back",
            state: .held,
            before: [
                "UPDATE job SET hold_reason = 'over_limit'", "UPDATE job SET limits_waived = 1",
            ],
            attack: "UPDATE job SET limits_waived = 0",
            refusal: waived
        ),
        Attack(
            name: "a job born with its limits waived",
            attack: SQL.insertJob(2)
                .replacing(
                    "created_at, updated_at)",
                    with: "created_at, updated_at, limits_waived)"
                )
                .replacing("0, 0, 0, 0)", with: "0, 0, 0, 0, 1)"),
            refusal: "a job is born held, scheduled or ready"
        ),
    ]
}
