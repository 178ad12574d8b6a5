import ArgumentParser
import ControlAPI
import Recharge

/// Writes a dispute down.
struct DisputePack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Write everything about the job of a dispute as one printable HTML file.",
        usage: "rechargectl dispute pack <dispute> [--out <file>] [<options>]",
        discussion: """
            It holds phone numbers and the carrier's messages, and needs nothing but a browser. \
            PINs are not in it: the gateway does not keep them.

              rechargectl dispute pack 3
              rechargectl dispute pack 3 --out dispute-3.html
            """
    )

    @Argument(help: "The dispute's number.")
    var dispute: Dispute.ID

    @Option(
        help: ArgumentHelp("The file; otherwise dispute-NUMBER.html.", valueName: "file"),
        completion: .file(extensions: ["html"])
    )
    var out: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let file: DisputeFile = try await global.ask(ControlPath.dispute(dispute))
        if global.json { return try global.console.json(file) }
        let path = out ?? "dispute-\(dispute).html"
        let output = try OutputFile(path)
        try output.append(Array(PackPage(file).html.utf8))
        try output.finish()
        Console.note("Everything about job \(file.detail.job.id) is in \(path)")
    }
}
