package import Carriers
import ConfigurationFiles
import Foundation
package import Recharge

/// The carrier that simulated gateways work for: the profile that the house ships, and one PIN.
package enum SimulatedCarrier {
    /// Letters, so that it cannot occur in a number, a serial or a hex string by chance.
    package static let pin = PIN("Zq7Xw9")

    private static let path = folder + "/etc/carriers/simulated.yaml"

    private static let full = Result {
        try CarrierProfile(
            reading: YAMLFile.read(path),
            zone: { _ in CarrierZone(offsetMinutes: 480) }
        )
    }

    private static let sparse = Result {
        try CarrierProfile(
            reading: YAMLFile.parse(try sparseText(), file: "sparse.yaml"),
            zone: { _ in CarrierZone(offsetMinutes: 480) }
        )
    }

    private static func sparseText() throws -> [UInt8] {
        let confirmed = "    text: \"【充值】您已成功为{number}充值{amount}元，流水号{serial}，账户余额{balance}元。\""
        var lines: [String] = []
        var isConfirmation = false
        var isReconfirm = false
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
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
        return Array(lines.joined(separator: "\n").utf8)
    }

    private static var folder: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            .joined(separator: "/")
    }

    /// A sparse one reads neither a serial number nor a float from its Chinese confirmations.
    package static func profile(isSparse: Bool = false) throws -> CarrierProfile {
        try isSparse ? sparse.get() : full.get()
    }
}
