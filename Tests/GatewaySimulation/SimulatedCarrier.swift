package import Carriers
import ConfigurationFiles
import Foundation
package import Recharge

/// The carrier that simulated gateways work for: the profile that the house ships, and one PIN.
package enum SimulatedCarrier {
    /// Letters, so that it cannot occur in a number, a serial or a hex string by chance.
    package static let pin = PIN("Zq7Xw9")

    private static let path = folder + "/etc/carriers/simulated.yaml"

    /// What a carrier is like.
    package struct Traits: OptionSet, Sendable {
        package let rawValue: Int

        /// Neither a serial number nor a float is read from its Chinese confirmations.
        package static let sparse = Traits(rawValue: 1)
        /// Questions are asked while the request may still be executed.
        package static let eager = Traits(rawValue: 2)
        /// It shows a recharge for ``historyWindow``.
        package static let forgetful = Traits(rawValue: 4)
        /// It gives the serial numbers of a day again, each after ``serialsMax`` charges.
        package static let recounting = Traits(rawValue: 8)

        package init(rawValue: Int) {
            self.rawValue = rawValue
        }
    }

    package static let historyWindow = Duration.seconds(600)
    package static let serialsMax = 5

    private static let profiles = (0..<16).map { number in
        Result { try read(text(of: Traits(rawValue: number))) }
    }

    private static func text(of traits: Traits) throws -> String {
        var text = try traits.contains(.sparse) ? sparseText() : text()
        if traits.contains(.eager) { text = hurried(text) }
        guard traits.contains(.forgetful) else { return text }
        return change(text, [("    # within: 24h  ", "    within: 10min  ")])
    }

    private static func read(_ text: String) throws -> CarrierProfile {
        try CarrierProfile(
            reading: YAMLFile.parse(Array(text.utf8), file: "simulated.yaml"),
            zone: { _ in CarrierZone(offsetMinutes: 480) }
        )
    }

    private static func text() throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    /// The same with questions that begin while a request can still be executed.
    private static func hurried(_ text: String) -> String {
        change(
            text,
            [
                ("answer_within: 30s ", "answer_within: 10s "),
                ("first_after: 10s ", "first_after: 1s "),
                ("interval: 60s ", "interval: 15s "), ("late_within: 10s ", "late_within: 130s "),
            ]
        )
    }

    private static func change(_ text: String, _ changes: [(String, String)]) -> String {
        changes.reduce(text) { text, change in
            precondition(text.contains(change.0), "the simulated profile has no \(change.0)")
            return text.replacing(change.0, with: change.1)
        }
    }

    /// The same with other words in place of some.
    package static func changedProfile(_ changes: (String, String)...) throws -> CarrierProfile {
        try read(change(text(), changes))
    }

    private static func sparseText() throws -> String {
        let confirmed = "    text: \"【充值】您已成功为{number}充值{amount}元，流水号{serial}，账户余额{balance}元。\""
        var lines: [String] = []
        var isConfirmation = false
        var isReconfirm = false
        for line in try text().split(separator: "\n", omittingEmptySubsequences: false) {
            // Where some have no serial number, none may be repeated.
            if line == "  reconfirm:" { isReconfirm = true }
            if line == "  reverse:" { isReconfirm = false }
            if isReconfirm { continue }
            if line.hasPrefix("  - ") { isConfirmation = false }
            if line == "    rule: recharged_zh" { isConfirmation = true }
            let isLacking = line.hasPrefix("    serial:") || line.hasPrefix("    balance:")
            if isConfirmation, isLacking { continue }
            guard line == confirmed else {
                lines.append(String(line))
                continue
            }
            lines.append("    lacks: [serial]")
            lines.append("    text: \"【充值】您已成功为{number}充值{amount}元，流水号{*}元。\"")
        }
        return lines.joined(separator: "\n")
    }

    private static var folder: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            .joined(separator: "/")
    }

    package static func profile(_ traits: Traits = []) throws -> CarrierProfile {
        try profiles[traits.rawValue].get()
    }
}
