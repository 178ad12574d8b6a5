import ArgumentParser
import Recharge

/// All that concerns limits.
struct LimitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limit",
        abstract: "Show and set what SIMs, numbers, clients, carriers and all together may use up.",
        discussion: """
              rechargectl limit
              rechargectl limit set client uid:1000 --per day --sum 5000 \\
                --reason "new shop"
            """,
        subcommands: [LimitList.self, LimitSet.self],
        defaultSubcommand: LimitList.self
    )
}

extension UseScope: ExpressibleByArgument {}
extension UseSpan: ExpressibleByArgument {}
