import TestSupport
import Testing

@testable import ModemDiscovery

struct PortCensusTests {
    @Test func aKnownPathIsKeptWhenAnEarlierSourceNamesTheNodeToo() {
        var census = PortCensus()
        let byID = sighting("/dev/by-id/modem", node: 1)
        let plain = sighting("/dev/ttyUSB0", node: 1)
        #expect(census.update(found: [plain], vanished: []) == [.arrived(plain.port)])
        #expect(census.update(found: [byID, plain], vanished: []) == [])
        #expect(
            census.update(found: [byID], vanished: [])
                == [.departed(path: plain.port.path), .arrived(byID.port)]
        )
    }

    @Test func aPortThatVanishedMeanwhileDepartsBeforeItArrivesAgain() {
        var census = PortCensus()
        let port = sighting("/dev/ttyUSB0", node: 1)
        _ = census.update(found: [port], vanished: [])
        let replaced: [PortEvent] = [.departed(path: "/dev/ttyUSB0"), .arrived(port.port)]
        #expect(census.update(found: [port], vanished: ["/dev/ttyUSB0"]) == replaced)
        #expect(census.update(found: [port], vanished: [port.node.path]) == replaced)
        #expect(census.update(found: [port], vanished: ["/dev/ttyUSB1"]) == [])
    }

    @Test func aNewNodeUnderAnOldPathIsAnotherPort() {
        var census = PortCensus()
        let old = sighting("/dev/ttyUSB0", node: 1)
        let new = sighting("/dev/ttyUSB0", node: 2)
        _ = census.update(found: [old], vanished: [])
        #expect(
            census.update(found: [new], vanished: [])
                == [.departed(path: "/dev/ttyUSB0"), .arrived(new.port)]
        )
    }

    @Test func aPathReadTwiceWhileItChangesIsOnePort() {
        var census = PortCensus()
        let old = sighting("/dev/ttyUSB0", node: 1)
        let new = sighting("/dev/ttyUSB0", node: 2)
        #expect(census.update(found: [old, new], vanished: []) == [.arrived(old.port)])
        #expect(
            census.update(found: [new, new], vanished: [])
                == [.departed(path: "/dev/ttyUSB0"), .arrived(new.port)]
        )
    }

    @Test(arguments: UInt64(1)...50)
    func arrivalsAndDeparturesAlternateAndAgreeWithWhatIsThere(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        var census = PortCensus()
        var present: [String: UInt64] = [:]
        for _ in 0..<200 {
            let leadsTo = (0...3).map { _ in UInt64.random(in: 0...3, using: &random) }
            let found = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                let path = Int.random(in: 0...3, using: &random)
                return sighting("/p\(path)", node: leadsTo[path])
            }
            let vanished = Set(found.prefix(.random(in: 0...2, using: &random)).map(\.port.path))
            for event in census.update(found: found, vanished: vanished) {
                switch event {
                case .departed(let path): #expect(present.removeValue(forKey: path) != nil)
                case .arrived(let port):
                    let node = found.first { $0.port == port }?.node.inode
                    #expect(present.updateValue(node ?? 99, forKey: port.path) == nil)
                case .failed: Issue.record("a census does not fail")
                }
            }
            #expect(census.nodePaths.count == Set(census.nodePaths).count)
            #expect(census.nodePaths.sorted() == present.values.map { "/dev/node\($0)" }.sorted())
            #expect(Set(census.nodePaths) == Set(found.map(\.node.path)))
        }
    }

    private func sighting(_ path: String, node: UInt64) -> PortCensus.Sighting {
        .init(
            port: DiscoveredPort(path: path),
            node: .init(path: "/dev/node\(node)", fileSystem: 1, inode: node)
        )
    }
}

/// SplitMix64: a small generator whose runs can be repeated from their seed.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
