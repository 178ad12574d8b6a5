import ArgumentParser
import ControlAPI
import Recharge

/// Records a top-up.
struct FloatTopUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topup",
        abstract: "Record money that was paid into the float of a SIM.",
        usage: "rechargectl float topup <iccid> <amount> --reason <text> [<options>]",
        discussion: """
            It moves no money: it says that money was moved. With --key a repetition is safe.

              rechargectl float topup 89860000000000000017 5000 --reason "transfer 4711"
            """
    )

    @Argument(help: "The SIM's ICCID, 18 to 22 digits.", completion: Suggestions.sims)
    var iccid: ICCID

    @Argument(help: "How much, in whole units of its currency, such as 5000 or 49.90.")
    var amount: String

    @Option(
        help: ArgumentHelp(
            "A text of your own that is booked once, such as the number of the transfer.",
            valueName: "text"
        )
    )
    var key: String?

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let body = TopUpBody(amount: amount, reason: why.reason)
        let key = key ?? OrderKey.random()
        let float: FloatView = try await global.withGateway(for: .order) { client in
            do {
                return try await client.post(ControlPath.float(iccid, .topUp), body, key: key).value
            } catch let error as ControlClientError where error.isUncertain {
                Console.note("To repeat this very booking safely: add --key \(key)")
                throw error
            }
        }
        if global.json { return try global.console.json(float) }
        try global.console.table(FloatList.table([float]))
    }
}
