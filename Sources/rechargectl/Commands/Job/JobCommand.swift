import ArgumentParser

/// All that concerns single jobs.
struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "Find, show, cancel and release jobs.",
        discussion: """
              rechargectl job list --state unknown --state held
              rechargectl job list --number 13800138000
              rechargectl job show 42
              rechargectl job release 42 --reason "the customer wants it twice"
            """,
        subcommands: [JobList.self, JobShow.self, JobCancel.self, JobRelease.self]
    )
}
