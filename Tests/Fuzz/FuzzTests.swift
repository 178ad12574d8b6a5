import TestSupport
import Testing

/// What must hold for any bytes holds for the seeds and for hundreds of seeded mutations of them.
///
/// One after the other, for the queue behind HTTP is shared.
@Suite(.serialized) struct FuzzTests {
    /// The runs of a target: what is quick may be tried more often.
    private static func mutationCount(_ target: FuzzTarget) -> Int {
        switch target {
        case .pdu, .at, .csv: 500
        case .configuration: 200
        case .profile, .http: 50
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func everySeedHolds(target: FuzzTarget) async throws {
        let seeds = try SeedCorpus.seeds(target)
        #expect(seeds.count >= 3)
        for seed in seeds {
            do {
                try await target.run(seed.bytes)
            } catch {
                Issue.record("\(seed.name): \(error)")
            }
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func mutationsHold(target: FuzzTarget) async throws {
        let seeds = try SeedCorpus.seeds(target).map(\.bytes)
        var random = SplitMix64(seed: 0xF0)
        for count in 0..<Self.mutationCount(target) {
            let bytes = mutated(seeds, &random)
            do {
                try await target.run(bytes)
            } catch {
                Issue.record("mutation \(count) of \(target): \(error)\n\(bytes)")
                return
            }
        }
    }

    /// A seed with a few bytes changed, put in, left out, or taken from another seed.
    private func mutated(_ seeds: [[UInt8]], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = seeds.randomElement(using: &random) ?? []
        for _ in 0...random.next(below: 4) {
            let place = random.next(below: bytes.count + 1)
            switch random.next(below: 6) {
            case 0: bytes.insert(.random(in: .min ... .max, using: &random), at: place)
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + random.next(below: 9)))
            case 2:
                let other = seeds.randomElement(using: &random) ?? []
                let start = random.next(below: other.count + 1)
                bytes.insert(
                    contentsOf: other[start..<min(other.count, start + random.next(below: 64))],
                    at: place
                )
            case 3 where place < bytes.count: bytes[place] ^= 1 << random.next(below: 8)
            case 4 where place < bytes.count:
                bytes[place] = [0, 9, 0x0A, 0x22, 0x2C, 0xFF][place % 6]
            default: bytes.append(contentsOf: bytes.suffix(random.next(below: 32)))
            }
        }
        return bytes
    }
}
