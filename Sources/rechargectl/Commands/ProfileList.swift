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
            "CARRIER", "NAME", "VERIFIED", "BY", "SHA-256", "CURRENCY", "COUNTRY#", "PER MINUTE#",
            "PER DAY#",
        ])
        for profile in profiles.items {
            table.add([
                Cell(profile.id.name), Cell(profile.name),
                ProfileList.standing(of: profile), Cell(profile.verifiedBy),
                Cell(profile.digest.map { String($0.prefix(12)) }),
                Cell(profile.currency), Cell("+\(profile.countryCode)"),
                Cell(profile.perMinute.map { String($0) }),
                Cell(profile.perDayCount.map { String($0) }),
            ])
        }
        try global.console.table(table)
    }

    private static func standing(of profile: ProfileView) -> Cell {
        if profile.isSimulated { return Cell("simulated", .faint) }
        if let time = profile.verifiedAt { return Cell(String(time.rfc3339.prefix(10)), .good) }
        return profile.earlierVerifiedAt == nil
            ? Cell("no", .doubtful) : Cell("changed since", .doubtful)
    }
}
