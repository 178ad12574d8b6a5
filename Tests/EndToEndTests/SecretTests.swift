import ControlAPI
import Foundation
import Testing

extension EndToEndTests {
    /// PINs stay in the modem.
    @Suite struct SecretTests {
        private static let pin = "48159263"

        @Test(.timeLimit(.minutes(2)))
        func thePINIsInNothingThatTheDaemonWritesOrSays() async throws {
            var shape = Trial.Shape()
            shape.pin = Self.pin
            try await Trial.run(shape) { trial in
                try await trial.startModems(
                    8,
                    ["--answer-latency", "20ms..80ms", "--pin", Self.pin]
                )
                for fault in [
                    "cms error 38 10%", "lose answers 5%", "refuse busy 10%", "double answers 10%",
                    "modem 1: echo doubled", "modem 3: refuse pin 50%",
                ] { try trial.tell(fault) }
                let first = try await trial.startDaemon()
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 120))
                var settled = 0
                try await trial.follow { event in
                    if event.kind == "job.settled" { settled += 1 }
                    return settled == 60
                }
                first.signal(SIGKILL)
                await first.exit()
                let daemon = try await trial.startDaemon()
                try await trial.settled()
                let said = try await self.allAnswers(trial)
                #expect(said.utf8.count > 100_000)
                self.expectNone(in: Array(said.utf8), "the socket's answers")
                let words = try TextFile.bytes("/proc/\(daemon.id)/cmdline")
                self.expectNone(in: words, "the command line")
                let files = TextFile.all(under: trial.folder).filter { !$0.hasSuffix("/pins.yaml") }
                #expect(files.contains { $0.hasSuffix("recharged.sqlite-wal") })
                for file in files { self.expectNone(in: try TextFile.bytes(file), file) }
                _ = try await trial.audit()
            }
        }

        /// Everything that a client may ask for.
        private func allAnswers(_ trial: Trial) async throws -> String {
            var text = ""
            var jobs = Set((1...120).map { "\(ControlPath.jobs)/\($0)" })
            jobs.formUnion([
                "\(ControlPath.jobs)?limit=1000", ControlPath.batches, "/v1/batches/1/results",
                ControlPath.sims, ControlPath.modems, ControlPath.profiles,
                "\(ControlPath.inbox)?limit=1000", ControlPath.stats, ControlPath.metrics,
                ControlPath.openAPI, ControlPath.ready,
            ])
            try await ControlClient.withConnection(toFirstOf: [trial.socket]) { client in
                for uri in jobs.sorted() { text += try await client.text(uri) }
            }
            let last = try await trial.ask(ControlPath.stats, as: StatsView.self)
            #expect(last.hold == nil)
            let events = try await QueueSnapshot.query(trial, "SELECT max(seq) FROM event")
            let newest = events.first?.first.flatMap { Int64($0) } ?? 0
            try await trial.follow(from: 0) { event in
                text += "\(event)\n"
                return event.sequence >= newest
            }
            return text
        }

        private func expectNone(in bytes: [UInt8], _ place: String) {
            let bytes = Data(bytes)
            for (form, needle) in Self.forms where bytes.range(of: Data(needle)) != nil {
                Issue.record("\(place) holds the PIN as \(form)")
            }
        }

        /// The PIN as it may be written: digits, UCS2, and septets at all eight alignments; each in
        /// octets and in hex of either case.
        private static let forms: [(String, [UInt8])] = {
            let digits = Array(pin.utf8)
            var octets: [(String, [UInt8])] = [
                ("UCS2", digits.flatMap { [0, $0] }), ("UTF-16LE", digits.flatMap { [$0, 0] }),
                ("ASCII", digits),
            ]
            for shift in 0..<8 { octets.append(("septets at bit \(shift)", packed(digits, shift))) }
            return octets.flatMap { name, bytes in
                let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                let text = hex.joined()
                return [
                    (name, bytes), ("\(name) in hex", Array(text.utf8)),
                    ("\(name) in capital hex", Array(text.uppercased().utf8)),
                ]
            }
        }()

        /// The octets that eight septets fill wholly when they begin at a bit of an octet
        /// (3GPP 23.038 §6.1.2.1).
        private static func packed(_ digits: [UInt8], _ shift: Int) -> [UInt8] {
            var bits = [Bool](repeating: false, count: shift)
            bits += Self.bits(of: digits)
            let first = shift == 0 ? 0 : 1
            return (first..<bits.count / 8).map { place in
                octet(bits, place)
            }
        }

        private static func octet(_ bits: [Bool], _ index: Int) -> UInt8 {
            var octet: UInt8 = 0
            for bit in 0..<8 where bits[index * 8 + bit] { octet |= 1 << UInt8(bit) }
            return octet
        }

        private static func bits(of digits: [UInt8]) -> [Bool] {
            digits.flatMap { digit in (0..<7).map { digit >> UInt8($0) & 1 == 1 } }
        }

        @Test func theFormsFindAPINInARequest() {
            // "CZ#13800138000#10#48159263": the PIN begins at septet 18, which is bit 6 of octet 15.
            let request = Array("CZ#13800138000#10#\(Self.pin)".utf8)
            var bits = Self.bits(of: request)
            bits += [Bool](repeating: false, count: (8 - bits.count % 8) % 8)
            let octets = (0..<bits.count / 8).map { place in
                Self.octet(bits, place)
            }
            #expect(Self.forms.contains { octets.firstRange(of: $0.1) != nil })
        }
    }
}
