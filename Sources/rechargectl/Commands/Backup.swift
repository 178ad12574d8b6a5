import ArgumentParser
import ControlAPI

/// Takes a copy of the queue.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a consistent copy of the queue to a file while it works.",
        usage: "rechargectl backup <file> [<options>]",
        discussion: """
            The file appears under its name when it is complete, for you alone to read: it holds \
            every number. To put it in the place of a lost queue: recharged restore FILE.

              rechargectl backup /srv/backup/recharged.sqlite
            """
    )

    /// The copy is made before its first byte comes.
    private static let within = Duration.seconds(1800)
    private static let magic = Array("SQLite format 3\u{0}".utf8)

    @Argument(help: "The file to write.", completion: .file())
    var file: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = try OutputFile(file, mode: 0o600)
        var count = 0
        try await global.withGateway(for: .question, within: Backup.within) { client in
            try await client.download(ControlPath.backup) { bytes in
                guard count > 0 || bytes.starts(with: Backup.magic) else {
                    throw ControlClientError.notUnderstood(
                        path: client.path,
                        cause: "what came is no database"
                    )
                }
                count += bytes.count
                try output.append(bytes)
            }
        }
        try output.finish()
        Console.note("Backup: \(file), \(count) bytes")
    }
}
