/// What is fuzzed: each takes any bytes and says what must hold for them.
///
/// libFuzzer runs them through `FuzzDriver` (`etc/prove fuzz`), and ``FuzzTests`` over the seeds.
enum FuzzTarget: String, CaseIterable, Sendable {
    case pdu
    case at
    case csv
    case http
    case profile
    case configuration

    /// Feeds the bytes to the product; throws what did not hold.
    func run(_ bytes: [UInt8]) async throws {
        switch self {
        case .http: try await HTTPFuzzing.shared.run(bytes)
        case .pdu, .at, .csv, .profile, .configuration: try runAtOnce(bytes)
        }
    }

    /// The same for all but HTTP, which waits for answers.
    func runAtOnce(_ bytes: [UInt8]) throws {
        switch self {
        case .pdu: try PDUFuzzing.run(bytes)
        case .at: try ATFuzzing.run(bytes)
        case .csv: try CSVFuzzing.run(bytes)
        case .profile: try ProfileFuzzing.run(bytes)
        case .configuration: try ConfigurationFuzzing.run(bytes)
        case .http: break
        }
    }
}

/// What should hold and did not.
struct Violation: Error, CustomStringConvertible {
    let description: String
}

func demand(_ holds: Bool, _ what: @autoclosure () -> String) throws(Violation) {
    if !holds { throw Violation(description: what()) }
}

/// The bytes of a run, of which the first few choose what is done with the rest.
struct FuzzInput {
    var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// The next byte; 0 when there is none.
    mutating func byte() -> UInt8 {
        rest.popFirst() ?? 0
    }
}

/// How a stream of bytes is cut into what single reads return.
enum Cutting: Hashable {
    case whole
    case single
    /// By chance, up to nine bytes at once.
    case mixed(seed: UInt8)

    /// Not whole: byte by byte for one seed in four.
    init(seed: UInt8) {
        self = seed.isMultiple(of: 4) ? .single : .mixed(seed: seed)
    }

    func pieces(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
        switch self {
        case .whole: return [Array(bytes)]
        case .single: return bytes.map { [$0] }
        case .mixed(let seed):
            var pieces: [[UInt8]] = []
            var rest = bytes
            var state = seed
            while !rest.isEmpty {
                state = state &* 167 &+ 13
                pieces.append(Array(rest.prefix(Int(state >> 4) % 9 + 1)))
                rest = rest.dropFirst(Int(state >> 4) % 9 + 1)
            }
            return pieces
        }
    }
}
