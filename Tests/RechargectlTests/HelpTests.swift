import ArgumentParser
import ControlAPI
import Testing

@testable import rechargectl

@Suite struct HelpTests {
    @Test(arguments: [
        [], ["submit"], ["recharge"], ["batch"], ["batch", "list"], ["batch", "show"],
        ["batch", "results"], ["batch", "pause"], ["batch", "resume"], ["batch", "cancel"],
        ["job"], ["job", "list"], ["job", "show"], ["job", "cancel"], ["job", "release"],
        ["sim"], ["sim", "list"], ["sim", "pause"], ["sim", "resume"], ["sim", "enrol"],
        ["modem"], ["modem", "list"], ["profile"], ["profile", "list"], ["profile", "verify"],
        ["inbox"], ["stats"],
        ["events"], ["hold"], ["release"], ["desk"], ["desk", "list"], ["desk", "resolve"],
        ["approval"], ["approval", "list"], ["approval", "approve"], ["approval", "reject"],
        ["dispute"], ["dispute", "list"], ["dispute", "open"], ["dispute", "close"],
        ["dispute", "pack"], ["reverse"], ["statement"], ["statement", "import"],
        ["float"], ["float", "list"], ["float", "show"], ["float", "topup"],
        ["float", "reconcile"], ["limit"], ["limit", "list"], ["limit", "set"],
        ["audit"], ["audit", "list"], ["audit", "verify"], ["verify"], ["backup"], ["erase"],
        ["sim", "reconcile"], ["sms"], ["sms", "decode"], ["sms", "encode"],
    ])
    func helpHasAnExampleAndFitsAHundredColumns(_ command: [String]) throws {
        let run = try Spawned(command + ["--help"]).finish()
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        #expect(run.lines.filter { $0.columnCount > 100 } == [])
        let name = (["rechargectl"] + command).joined(separator: " ")
        #expect(run.lines.contains { $0.hasPrefix("  ") && $0.contains(name) })
    }

    private static func all(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap(all)
    }

    /// The commands that a help shows: what it breaks is joined again.
    private static func examples(_ command: any ParsableCommand.Type) -> [[String]] {
        command.configuration.discussion.replacing("\\\n", with: " ").split(separator: "\n")
            .compactMap { line in
                guard line.hasPrefix("  "), let start = line.firstRange(of: "rechargectl ") else {
                    return nil
                }
                let command = line[start.upperBound...].prefix { !"<>|#".contains($0) }
                return command.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                    .flatMap { place, part in
                        place.isMultiple(of: 2)
                            ? part.split(separator: " ").map { String($0) } : [String(part)]
                    }
            }
    }

    /// Whoever pastes one gets what it says.
    @Test func everyExampleIsReadAndFitsATerminal() {
        var count = 0
        for command in Self.all(Rechargectl.self) {
            let lines = command.configuration.discussion.split(separator: "\n")
            for line in lines where line.hasPrefix("  ") {
                #expect(line.count <= 80, "\(line)")
            }
            for example in Self.examples(command) {
                count += 1
                #expect(throws: Never.self, "\(example)") {
                    _ = try Rechargectl.parseAsRoot(example)
                }
            }
        }
        #expect(count > 80)
    }

    @Test func theMainHelpDocumentsEveryExitStatus() throws {
        let help = try rechargectl("--help").output
        for status in Status.allCases {
            #expect(help.contains("\(status.rawValue)  \(status.meaning)"))
        }
    }

    @Test func theVersionIsOneLine() throws {
        #expect(try rechargectl("--version").output == "\(programVersion)\n")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionScriptsAskForIdentities(_ shell: String) throws {
        let run = try rechargectl("--generate-completion-script", shell)
        #expect(run.status == 0)
        #expect(run.output.contains("---completion"))
    }
}
