import ArgumentParser
import ControlAPI
import Recharge

/// Fetches the file that a proposal came with.
struct ApprovalEvidence: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Write the file that a proposed verdict came with.",
        usage: "rechargectl approval evidence <proposal> <file> [<options>]",
        discussion: """
            Look at it before you approve: it is what the verdict stands on.

              rechargectl approval evidence 7 letter.pdf
            """
    )

    @Argument(help: "The proposal's number.")
    var proposal: Proposal.ID

    @Argument(help: "The file to write.", completion: .file())
    var file: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = try OutputFile(file, mode: 0o600)
        var count = 0
        try await global.withGateway(for: .question) { client in
            try await client.download(ControlPath.attachment(of: proposal)) { bytes in
                count += bytes.count
                try output.append(bytes)
            }
        }
        try output.finish()
        Console.note("\(file): \(count) bytes")
    }
}
