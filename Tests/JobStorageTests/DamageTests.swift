import Foundation
import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// What a bad disk may have done to the file: a gateway never starts on a queue it cannot trust.
struct DamageTests {
    /// What happened to the file.
    enum Damage: String, CaseIterable, CustomTestStringConvertible {
        case cutInHalf, cutInAPage, cutToItsHeader, zeroedPages, flippedPages, allZeros, text

        var testDescription: String { rawValue }

        func apply(to octets: inout Data) {
            let page = 4096
            switch self {
            case .cutInHalf: octets = octets.prefix(octets.count / 2 / page * page)
            case .cutInAPage: octets = octets.prefix(octets.count - page / 2)
            case .cutToItsHeader: octets = octets.prefix(100)
            case .zeroedPages:
                octets.replaceSubrange(page..<6 * page, with: Data(count: 5 * page))
            case .flippedPages:
                for index in page..<6 * page { octets[index] ^= 0xFF }
            case .allZeros: octets = Data(count: octets.count)
            case .text: octets = Data("this is not a database, but it was one once".utf8)
            }
        }
    }

    private static func shop() async throws -> (Workshop, String) {
        let shop = try Workshop()
        try await shop.batch("b", first: 1, count: 400)
        try shop.store.close()
        return (shop, shop.folder.path("state/recharged.sqlite"))
    }

    @Test(arguments: Damage.allCases)
    func aDamagedQueueIsRefusedWithTheWayToRestore(_ damage: Damage) async throws {
        let (shop, path) = try await Self.shop()
        let url = URL(fileURLWithPath: path)
        var octets = try Data(contentsOf: url)
        damage.apply(to: &octets)
        try octets.write(to: url)
        let refusal = #expect(throws: JobStoreError.self) { try shop.reopen() }
        #expect(refusal?.code == .unusable)
        #expect(refusal?.message.contains(path) == true)
        #expect(refusal?.message.contains("recharged restore FILE") == true)
        #expect(try Data(contentsOf: url) == octets, "what is damaged is left as it is")
    }

    /// A log that is no log holds nothing: the queue is as it was merged last, and whole.
    @Test(arguments: [1, 24, 4096, 100_000])
    func aLogOfGarbageAddsNothing(count: Int) async throws {
        let (shop, path) = try await Self.shop()
        var random = SplitMix64(seed: UInt64(count))
        let garbage = Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        try garbage.write(to: URL(fileURLWithPath: path + "-wal"))
        try shop.reopen()
        #expect(try await shop.store.stats(at: shop.start).jobs == [.ready: 400])
        #expect(try await shop.store.verifyChain(against: nil).findings == [])
        #expect(try await shop.store.verifyIntegrity() == [])
    }

    @Test func anEmptyFileIsANewQueue() async throws {
        let (shop, path) = try await Self.shop()
        try Data().write(to: URL(fileURLWithPath: path))
        try shop.reopen()
        #expect(try await shop.store.stats(at: shop.start).jobs.isEmpty)
    }
}
