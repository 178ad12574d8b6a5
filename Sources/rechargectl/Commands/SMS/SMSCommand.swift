import ArgumentParser

/// PDUs in hexadecimal digits, read and written without the daemon.
struct SMSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sms",
        abstract: "Read and write SMS messages as PDUs in hexadecimal digits.",
        discussion: """
              rechargectl sms decode \\
                000405810180F60000621132710475000CD2F2181D969FCB64500D06
              rechargectl sms encode --to 10086 --text "CZ#13800138000#50"
            """,
        subcommands: [SMSDecode.self, SMSEncode.self]
    )
}
