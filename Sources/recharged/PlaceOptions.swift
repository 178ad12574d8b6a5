import ArgumentParser

/// Where the daemon finds its configuration and its queue.
///
/// One group for all commands of the program: the parser gives a subcommand the values that it read
/// for the program.
struct PlaceOptions: ParsableArguments {
    @Option(help: "The configuration file. (default: recharged.yaml in the configuration folder)")
    var config: String?

    @Option(name: .customLong("state-dir"), help: "Where the queue lives, in place of state_dir.")
    var stateFolder: String?

    func validate() throws {
        if let stateFolder, !stateFolder.hasPrefix("/") {
            throw ValidationError("--state-dir \(stateFolder): an absolute path")
        }
    }
}
