import ArgumentParser
import ControlAPI
import Recharge

/// Lets a profile move money.
struct ProfileVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Let a profile move money as its file stands.",
        usage: "rechargectl profile verify <carrier> --file <file> --reason <text> [<options>]",
        discussion: """
            You stand for the file as it is, and a second person approves: `approval list` shows \
            its SHA-256, as sha256sum prints it. A change to the file, be it a comment, needs both \
            of you again.

              rechargectl profile verify cmcc --file /etc/recharged/carriers/cmcc.yaml \\
                --reason "recharged 10 yuan in a phone, read every answer"
            """
    )

    @Argument(help: "The carrier, as its profile calls it.", completion: Suggestions.carriers)
    var carrier: CarrierID

    @Option(
        help: ArgumentHelp("Its profile, as you read it.", valueName: "file"),
        completion: .file()
    )
    var file: String

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let edition = try CarrierFolder.edition(of: carrier, in: file)
        let body = VerifyBody(digest: edition.digest, reason: why.reason)
        try global.show(try await global.order(ControlPath.verify(carrier), body))
    }
}
