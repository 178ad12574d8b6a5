import ArgumentParser
import ControlAPI
import Recharge

/// Orders one recharge.
struct RechargeOne: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recharge",
        abstract: "Recharge one phone.",
        usage: "rechargectl recharge <number> <amount> [<options>]",
        discussion: """
            The amount is in major units of the carrier's currency: 50 or 49.90. Each call is an \
            order of its own; calls with the same --key are one order, so that repeating one after \
            a failure is safe.

            Order, and wait for the verdict:
              rechargectl recharge 13800138000 50 --wait

            A reference of your own, and a latest moment:
              rechargectl recharge 13800138000 50 --reference A-17 \\
                --deadline 2026-12-01T18:00Z
            """
    )

    @Argument(help: "The phone's number, national or as +8613800138000.")
    var number: String

    @Argument(help: "The amount, such as 50 or 49.90.")
    var amount: String

    @Option(
        help: ArgumentHelp("The carrier, where the number does not tell: cmcc.", valueName: "name"),
        completion: Suggestions.carriers
    )
    var carrier: CarrierID?

    @Option(help: ArgumentHelp("Your own name for the order.", valueName: "text"))
    var reference: String?

    @Option(help: ArgumentHelp("0 to 9; higher goes first; 4 otherwise.", valueName: "number"))
    var priority: Int?

    @Option(
        help: ArgumentHelp("Not before this moment: 2026-12-01T18:00+08:00."),
        transform: Timestamp.argument
    )
    var notBefore: Timestamp?

    @Option(
        help: ArgumentHelp("Not begun after this moment: 2026-12-01T18:00+08:00."),
        transform: Timestamp.argument
    )
    var deadline: Timestamp?

    @Option(help: ArgumentHelp("A note kept with the job.", valueName: "text"))
    var note: String?

    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp(
            "2 for the second recharge of one number and amount, and so on.",
            valueName: "number"
        )
    )
    var repeatIndex: Int?

    @Flag(help: "What looks like a duplicate is meant; a second person approves it.")
    var allowDuplicates = false

    @Option(help: ArgumentHelp("What tells this order from a repeat.", valueName: "text"))
    var key: String?

    @Flag(help: "Wait for the verdict.")
    var wait = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let priority, !NewJob.priorities.contains(priority) {
            throw ValidationError("--priority \(priority): write a number from 0 to 9.")
        }
        if let repeatIndex, !NewJob.repeatIndexes.contains(repeatIndex) {
            let range = NewJob.repeatIndexes
            throw ValidationError(
                "--repeat \(repeatIndex): write a number from \(range.lowerBound) to "
                    + "\(range.upperBound)."
            )
        }
        if let notBefore, let deadline, deadline <= notBefore {
            throw ValidationError("--deadline: it must lie after --not-before.")
        }
        try OrderKeyOption.validate(key)
    }

    func run() async throws {
        let key = key ?? OrderKey.random()
        var order = JobOrder(number: number, amount: amount, carrier: carrier?.name)
        order.reference = reference
        order.priority = priority
        order.notBefore = notBefore
        order.deadline = deadline
        order.note = note
        order.repeat = repeatIndex
        var job = try await submit(order, key)
        if wait {
            Console.note("Job \(job.id) is ordered, with the key \(key)")
            job = try await JobWatch(id: job.id, global: global).run()
        }
        if global.json {
            try global.console.json(job)
        } else {
            try global.console.table(.jobs([job]))
            if let proposal = job.proposal { Console.waitsForSecondPerson(proposal) }
            if job.state == .held, let next = JobShow.next(job) { Console.note("Next: \(next)") }
        }
        guard !wait || job.state == .succeeded else { throw Ending(.notDone) }
    }

    /// Orders it; where nobody knows whether it arrived, says how to repeat it safely.
    private func submit(_ order: JobOrder, _ key: String) async throws -> JobView {
        do {
            return try await global.withGateway(for: .order) { client in
                do {
                    let reply: ControlReply<JobView> = try await client.post(
                        ControlPath.with(
                            [("allow_duplicates", allowDuplicates ? "true" : nil)],
                            ControlPath.jobs
                        ),
                        order,
                        key: key
                    )
                    return reply.value
                } catch let error as ControlClientError where error.isUncertain {
                    Console.note("To repeat this very order safely: add --key \(key)")
                    throw error
                }
            }
        }
    }
}
