import ArgumentParser

/// All that concerns carrier profiles.
struct ProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "List the carrier profiles, and let one move money.",
        discussion: """
              rechargectl profile list
              rechargectl profile verify cmcc --file /etc/recharged/carriers/cmcc.yaml \\
                --reason "recharged 10 yuan in a phone, read every answer"
            """,
        subcommands: [ProfileList.self, ProfileVerify.self]
    )
}
