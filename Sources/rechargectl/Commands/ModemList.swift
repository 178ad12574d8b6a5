import ArgumentParser
import ControlAPI
import Recharge

/// Lists the transceivers.
struct ModemList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the transceivers, how far each has come, and why one failed.",
        usage: "rechargectl modem list [<options>]",
        discussion: "  rechargectl modem list"
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let modems: PageView<ModemView> = try await global.ask(ControlPath.modems)
        if global.json { return try global.console.json(modems) }
        var table = TextTable([
            "PORT", "STATE", "MODEL", "IMEI", "ICCID", "SIGNAL#", "NETWORK", "SINCE", "REASON",
        ])
        for modem in modems.items {
            let model = [modem.manufacturer, modem.model].compactMap(\.self).joined(separator: " ")
            let network = modem.isRegistered.map { $0 ? "registered" : "searching" }
            table.add([
                Cell(modem.port), Cell(modem.phase), Cell(model), Cell(modem.imei?.digits),
                Cell(modem.iccid?.digits), Cell(modem.signalDbm.map { "\($0) dBm" }),
                Cell(network), Cell(modem.since), Cell(modem.reason),
            ])
        }
        try global.console.table(table)
    }
}
