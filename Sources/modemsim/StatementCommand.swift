import ArgumentParser
import Foundation
import Recharge
import Simulation

/// Writes the carrier's statement of a ledger.
struct StatementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement",
        abstract: "Write the carrier's statement of what it charged, as CSV.",
        discussion: """
            In the layout that etc/carriers/simulated.yaml declares. Times without a zone are \
            China's, such as “2026-11-23 17:30”.
            """
    )

    @Argument(help: "The ledger, JSON lines.")
    var file: String

    @Option(help: "Only from this moment on.")
    var from: String?

    @Option(help: "Only before this moment.")
    var to: String?

    @Option(help: "Only this SIM's, by its ICCID.")
    var sim: String?

    func run() throws {
        let from = try moment(from, "--from")
        let to = try moment(to, "--to")
        let iccid = try sim.map { text in
            guard let iccid = ICCID(text) else {
                throw ValidationError("--sim \(text): an ICCID of 18 to 22 digits")
            }
            return iccid
        }
        let entries = try LedgerFile.entries(path: file)
        let statement = CentreStatement.csv(entries, from: from, to: to, sim: iccid)
        FileHandle.standardOutput.write(Data(statement.utf8))
    }

    private func moment(_ text: String?, _ option: String) throws -> Timestamp? {
        guard let text else { return nil }
        guard let moment = Timestamp(text, offsetMinutes: 480) else {
            throw ValidationError("\(option) \(text): a moment such as 2026-11-23 17:30")
        }
        return moment
    }
}
