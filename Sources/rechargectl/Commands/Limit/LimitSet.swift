import ArgumentParser
import ControlAPI
import Recharge

/// Sets a limit.
struct LimitSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Lower a limit at once, or raise it once a second person approved.",
        usage: """
            rechargectl limit set <scope> [<name>] --per <span> --count <count> --reason <text>
            rechargectl limit set <scope> [<name>] --per <span> --sum <amount> --reason <text>
            """,
        discussion: """
            It stands in the place of what profile or recharged.yaml say, from the next recharge \
            on and over restarts, until it is set to 'configured'. Without a name it is the limit \
            of each one for itself; numbers, and all together (global), have no names.

              rechargectl limit set global --per hour --count 100 --reason "slow day"
              rechargectl limit set client uid:1000 --per day --sum 5000 \\
                --reason "new shop"
              rechargectl limit set sim 89860000000000000017 --per minute --count 2 \\
                --reason "new"
              rechargectl limit set number --per day --count none --reason "big customer"
              rechargectl limit set carrier demo --per day --sum configured \\
                --reason "as before"
            """
    )

    @Argument(help: "Whose: sim, number, client, carrier or global.")
    var scope: UseScope

    @Argument(help: "The SIM's ICCID, the client as uid:1000, or the carrier's name.")
    var name: String?

    @Option(help: ArgumentHelp("The window: minute, hour or day.", valueName: "span"))
    var per: UseSpan

    @Option(
        help: ArgumentHelp(
            "How many recharges: a whole number, none or configured.",
            valueName: "count"
        )
    )
    var count: String?

    @Option(
        help: ArgumentHelp(
            "How much in all: in whole units of the currency, none or configured.",
            valueName: "amount"
        )
    )
    var sum: String?

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (count == nil) != (sum == nil) else {
            throw ValidationError("Give either --count or --sum.")
        }
        guard name == nil || scope != .number && scope != .global else {
            throw ValidationError("\(scope.rawValue): it takes no name.")
        }
        if let count, LimitSetting(word: count) == nil {
            throw ValidationError("--count \(count): write a whole number, none or configured.")
        }
    }

    func run() async throws {
        var body = LimitBody(
            scope: scope,
            subject: name,
            per: per,
            measure: count == nil ? .sum : .count,
            reason: why.reason
        )
        let word = count ?? sum ?? ""
        body.setting = LimitBody.Setting(rawValue: word)
        if body.setting == nil {
            body.limit = count.flatMap { Int64($0) }
            body.amount = sum
        }
        let receipt: LimitReceipt = try await global.order(ControlPath.limits, body)
        if global.json { return try global.console.json(receipt) }
        try global.console.table(.limits(receipt.limits))
        guard let proposal = receipt.proposal, proposal.state == .open else { return }
        Console.waitsForSecondPerson(proposal.id)
    }
}

extension Console {
    /// Tells who must do what before a change happens.
    static func waitsForSecondPerson(_ proposal: Proposal.ID) {
        note("It waits for a second person: rechargectl approval approve \(proposal) --reason TEXT")
    }
}
