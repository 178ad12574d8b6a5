import ArgumentParser
import Foundation
import Recharge
import Simulation

/// Sends a forged confirmation to a SIM, to see what is made of it.
struct ForgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forge",
        abstract: "Send a forged confirmation of a recharge to a SIM of a running simulation.",
        discussion: """
            It reads like the carrier's own, with an invented serial. Without --sender it comes \
            from a stranger; with --sender 10086 even that is as it should be.
            """
    )

    @Argument(help: "The folder of the running simulation.")
    var directory: String

    @Argument(help: "Whose SIM: the number of a transceiver, an ICCID, or all.")
    var sim: String

    @Option(help: "The number that was allegedly recharged.")
    var number: String

    @Option(help: "The amount, such as 50 or 49.90.")
    var amount: String

    @Option(help: "Whom it seems to come from.")
    var sender: String?

    func run() throws {
        let modem = sim == "all" ? "" : "modem \(try index()): "
        let from = sender.map { " from \($0)" } ?? ""
        for (name, word) in [
            ("--number", number), ("--amount", amount), ("--sender", sender ?? ""),
        ]
        where word.contains(where: { $0.isWhitespace || $0 == "#" || $0 == ":" }) {
            throw ValidationError("\(name) \(word): it must be one word")
        }
        print(try obeyed("\(modem)forge \(number) \(amount)\(from)", in: directory))
    }

    /// The number of the transceiver.
    private func index() throws -> Int {
        if sim.count < 18, let index = Int(sim) { return index }
        guard let iccid = ICCID(sim) else {
            throw ValidationError("\(sim): the number of a transceiver, an ICCID, or all")
        }
        let decoder = JSONDecoder()
        let status = try decoder.decode(
            Status.self,
            from: Data(try obeyed("status", in: directory).utf8)
        )
        guard let modem = status.modems.first(where: { $0.iccid == iccid.digits }) else {
            throw ValidationError("\(sim): no transceiver of \(directory) holds this SIM")
        }
        return modem.index
    }

    private struct Status: Decodable {
        let modems: [Modem]

        struct Modem: Decodable {
            let index: Int
            let iccid: String
        }
    }
}
