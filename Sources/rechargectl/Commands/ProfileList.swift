import ArgumentParser
import ControlAPI
import Recharge

/// Lists the carrier profiles.
struct ProfileList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the carrier profiles and their limits for each SIM.",
        usage: "rechargectl profile list [<options>]",
        discussion: "  rechargectl profile list"
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let profiles: PageView<ProfileView> = try await global.ask(ControlPath.profiles)
        if global.json { return try global.console.json(profiles) }
        var table = TextTable([
            "CARRIER", "NAME", "VERIFIED", "CURRENCY", "COUNTRY#", "PER MINUTE#", "PER DAY#",
        ])
        for profile in profiles.items {
            table.add([
                Cell(profile.id.name), Cell(profile.name),
                profile.isVerified ? Cell("yes", .good) : Cell("no", .doubtful),
                Cell(profile.currency), Cell("+\(profile.countryCode)"),
                Cell(profile.perMinute.map { String($0) }),
                Cell(profile.perDayCount.map { String($0) }),
            ])
        }
        try global.console.table(table)
    }
}
