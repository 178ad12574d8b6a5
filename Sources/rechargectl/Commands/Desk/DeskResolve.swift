import ArgumentParser
import ControlAPI
import FoundationEssentials
import Recharge

/// Settles a job in doubt.
struct DeskResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Give a verdict on a job in doubt.",
        usage: """
            rechargectl desk resolve <job> (--succeeded|--not-executed) --reason <text> \
            --evidence <file>
            """,
        discussion: """
            The file that shows it, such as the carrier's letter, is kept with the verdict. Above \
            the limit of recharged.yaml (approvals) a second person must approve.

            A job that was not executed is tried again, or cancelled with --cancel; neither as \
            long as its request can still arrive. One of which an answer says that it was executed \
            is held instead, beside a dispute, and can only be cancelled.

              rechargectl desk resolve 42 --succeeded --serial S123 --evidence letter.pdf \\
                --reason "the carrier says so"
              rechargectl desk resolve 42 --not-executed --evidence letter.pdf \\
                --reason "no record at the carrier"
            """
    )

    @Argument(help: "The job's number.", completion: Suggestions.jobs)
    var job: Job.ID

    @Flag(help: "It was executed.")
    var succeeded = false

    @Flag(help: "It was not executed: it is tried again.")
    var notExecuted = false

    @Flag(help: "With --not-executed: cancel it rather than try again.")
    var cancel = false

    @Option(help: ArgumentHelp("The carrier's serial number.", valueName: "serial"))
    var serial: String?

    @Option(
        help: ArgumentHelp("The file that shows it, at most 64 KiB.", valueName: "file"),
        completion: .file()
    )
    var evidence: String

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard succeeded != notExecuted else {
            throw ValidationError("Say what happened: either --succeeded or --not-executed.")
        }
        guard !cancel || notExecuted else {
            throw ValidationError("--cancel goes with --not-executed.")
        }
        guard serial == nil || succeeded else {
            throw ValidationError("--serial goes with --succeeded.")
        }
    }

    func run() async throws {
        var body = ResolveBody(
            finding: succeeded ? .succeeded : .notExecuted,
            reason: why.reason,
            evidence: Data(try piece()).base64EncodedString()
        )
        body.serial = serial
        if cancel { body.cancel = true }
        try global.show(try await global.order(ControlPath.job(job, .resolve), body))
    }

    private func piece() throws(Failure) -> [UInt8] {
        let file = try InputFile(evidence)
        let most = HandVerdict.evidenceBytesMax
        var bytes: [UInt8] = []
        while bytes.count <= most {
            let chunk = try file.chunk(at: bytes.count)
            guard !chunk.isEmpty else { break }
            bytes += chunk
        }
        guard !bytes.isEmpty else {
            throw Failure(.badInput, "\(file.name) is empty: name the file that shows it")
        }
        guard bytes.count <= most else {
            throw Failure(
                .badInput,
                "\(file.name) is larger than \(most >> 10) KiB: name a smaller one, such as the "
                    + "page that matters"
            )
        }
        return bytes
    }
}
