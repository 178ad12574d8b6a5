import ControlAPI
import Foundation
import Glibc
import SerialPorts
import Synchronization
import Testing

extension EndToEndTests {
    /// Ports that are no working transceiver: each says why and what to do.
    @Suite struct BadPortTests {
        /// The reason that the daemon gives for a port, as an event and in its log.
        private func reason(_ trial: Trial, _ port: String) async throws -> String {
            _ = try await trial.startDaemon()
            var reason = ""
            try await trial.follow { event in
                guard event.kind == "modem.left" else { return false }
                reason = event.details["reason"] ?? ""
                #expect(event.details["port"] == port)
                return true
            }
            let list = try await trial.finish("rechargectl", "modem", "list")
            #expect(list.status == 0)
            #expect(list.output.contains(port))
            #expect(trial.log.contains("reason=\(reason)"))
            return reason
        }

        private func shape(listing port: String) -> Trial.Shape {
            var shape = Trial.Shape()
            shape.ports = "{ udev: false, list: [\(port)] }"
            return shape
        }

        @Test(.timeLimit(.minutes(5)))
        func aPortWhereNobodyAnswersIsNoModem() async throws {
            let terminal = try PseudoTerminal.open()
            defer { close(terminal.masterDescriptor) }
            try await Trial.run(shape(listing: terminal.slavePath)) { trial in
                let reason = try await self.reason(trial, terminal.slavePath)
                #expect(reason.contains("No modem answers here"))
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func aModemWithoutASIMSaysSo() async throws {
            let terminal = try PseudoTerminal.open()
            let modem = EmptyModem(terminal)
            defer { modem.unplug() }
            try await Trial.run(shape(listing: terminal.slavePath)) { trial in
                let reason = try await self.reason(trial, terminal.slavePath)
                #expect(reason.contains("There is no SIM, or it makes no contact"))
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func aProfileThatNobodyVerifiedMovesNoMoney() async throws {
            var shape = Trial.Shape()
            shape.otherwise = "cmcc"
            try await Trial.run(shape) { trial in
                try await trial.startModems(1)
                let reason = try await self.reason(trial, trial.path("ports/modem01"))
                #expect(reason.contains("profile 'cmcc' is not verified"))
                #expect(reason.contains("rechargectl profile verify cmcc"))
            }
        }
    }
}

/// A modem that has no SIM: `+CME ERROR: 10` (3GPP 27.007 §9.2.1) to `AT+CPIN?`, a range to every
/// question for one, and `OK`.
private final class EmptyModem: Sendable {
    private let isUnplugged = Mutex(false)

    init(_ terminal: PseudoTerminal) {
        let master = terminal.masterDescriptor
        Thread.detachNewThread { [self] in
            var line: [UInt8] = []
            var awaited = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            while !isUnplugged.withLock({ $0 }) {
                guard poll(&awaited, 1, 100) > 0 else { continue }
                var chunk = [UInt8](repeating: 0, count: 256)
                let count = read(master, &chunk, chunk.count)
                line += chunk.prefix(max(0, count))
                while let end = line.firstIndex(of: 0x0D) {
                    let command = String(decoding: line[..<end], as: UTF8.self)
                    line.removeFirst(end + 1)
                    let bytes = Array(EmptyModem.answer(to: command).utf8)
                    _ = write(master, bytes, bytes.count)
                }
            }
            close(master)
        }
    }

    private static func answer(to command: String) -> String {
        if command.contains("CPIN") { return "\r\n+CME ERROR: 10\r\n" }
        let asked = command.drop { $0 != "+" }
        let question = asked.firstRange(of: "=?").map { asked[..<$0.lowerBound] }
        return (question.map { "\r\n\($0): (0-1)\r\n" } ?? "") + "\r\nOK\r\n"
    }

    func unplug() {
        isUnplugged.withLock { $0 = true }
    }
}
