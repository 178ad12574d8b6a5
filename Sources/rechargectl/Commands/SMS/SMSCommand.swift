import ArgumentParser

/// PDUs in hexadecimal digits, read and written without the daemon.
struct SMSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sms",
        abstract: "Read and write SMS messages as PDUs in hexadecimal digits.",
        discussion: """
              rechargectl sms decode 0001000581016800F6000003C8720A
              rechargectl sms encode --to 10086 --text "CZ#13800138000#50"
            """,
        subcommands: [SMSDecode.self, SMSEncode.self]
    )
}
