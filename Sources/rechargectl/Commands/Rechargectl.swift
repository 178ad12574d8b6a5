import ArgumentParser
import ControlAPI

/// The program: what it can do, and how it ends.
struct Rechargectl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rechargectl",
        abstract: "Recharge prepaid phones through recharged, and watch it work.",
        discussion: """
            Submit a CSV file of orders and watch it:
              rechargectl submit orders.csv --watch

            The smallest file has a header and a row for each order:
              number,amount
              13800138000,50

            Recharge one phone and wait for the verdict:
              rechargectl recharge 13800138000 50 --wait

            See how things stand:
              rechargectl stats
              rechargectl batch list
              rechargectl job list --state unknown

            A job is final when it has succeeded, failed, expired or was cancelled. An unknown \
            job was sent and not answered: it is never sent again, and settled by evidence only. \
            A held job waits for a person.

            Exit status:
            \(statuses)

            Completion: rechargectl --generate-completion-script bash (or zsh, fish).
            """,
        version: programVersion,
        subcommands: [
            Submit.self, RechargeOne.self, BatchCommand.self, JobCommand.self, SIMCommand.self,
            FloatCommand.self, LimitCommand.self, ModemCommand.self, ProfileCommand.self,
            InboxList.self, Stats.self,
            Events.self, Hold.self, Release.self, DeskCommand.self, ApprovalCommand.self,
            DisputeCommand.self, Reverse.self, StatementCommand.self, AuditCommand.self,
            Verify.self, Backup.self, Erase.self, SMSCommand.self,
        ]
    )

    private static var statuses: String {
        ExitStatus.allCases.map { status in
            let number = String(status.rawValue)
            return "  " + String(repeating: " ", count: 2 - number.count)
                + "\(number)  \(status.meaning)"
        }.joined(separator: "\n")
    }
}
