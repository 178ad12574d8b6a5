import Carriers
import ConfigurationFiles
import Foundation
import Gateway
import Recharge
import Testing

struct OwnLimitsTests {
    private static let folder = #filePath.split(
        separator: "/",
        omittingEmptySubsequences: false
    ).dropLast(3).joined(separator: "/")

    @Test func aSIMIsJudgedByTheLimitsOfItsProfileAndByTheGatewaysOwn() throws {
        let path = Self.folder + "/etc/carriers/simulated.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8).replacing(
            "\nlimits:\n",
            with: """

                limits:
                  sim: {per_hour: {count: 1}}
                  number: {per_hour: {count: 2}}
                  carrier: {per_hour: {count: 3}}

                """
        )
        let profile = try CarrierProfile(
            reading: YAMLFile.parse(Array(text.utf8), file: path),
            zone: { _ in .utc }
        )
        let own = OwnLimits(
            client: UseLimits(perHour: UseLimit(count: 4)),
            global: UseLimits(perHour: UseLimit(count: 5))
        )
        let uses = own.uses(with: profile)
        #expect(UseScope.allCases.map { uses[$0].perHour.count } == [1, 2, 4, 3, 5])
        #expect(own.uses == ClaimUses(client: own.client, global: own.global))
    }
}
