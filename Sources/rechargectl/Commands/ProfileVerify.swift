import ArgumentParser
import ControlAPI
import Recharge

/// Lets a profile move money.
struct ProfileVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Let a profile move money as its file stands.",
        usage: "rechargectl profile verify <carrier> --reason <text> [<options>]",
        discussion: """
            You stand for the file with the digest that `profile list` shows (the beginning of \
            what sha256sum prints), and a second person approves. A change to the file, be it a \
            comment, needs both of you again.

              rechargectl profile verify cmcc --reason "recharged 10 yuan, read every answer"
            """
    )

    @Argument(help: "The carrier, as its profile calls it.", completion: Suggestions.carriers)
    var carrier: CarrierID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.verify(carrier)
        try global.show(try await global.order(path, reason: why.reason))
    }
}
