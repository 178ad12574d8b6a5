import ControlAPI
import Foundation
import Glibc
import Testing

struct ControlClientTests {
    private func failure(
        _ paths: [String],
        within: Duration = .seconds(5)
    ) async throws -> ControlClientError {
        try await #require(throws: ControlClientError.self) {
            try await ControlClient.withConnection(toFirstOf: paths, answerWithin: within) {
                _ = try await $0.get(ControlPath.stats, as: StatsView.self)
            }
        }
    }

    @Test func missingSocketsAreNamedWithTheCure() async throws {
        let error = try await failure(["/nowhere/a.sock", "/nowhere/b.sock"])
        #expect(error == .noSocket(tried: ["/nowhere/a.sock", "/nowhere/b.sock"]))
        #expect("\(error)".contains("is recharged running?"))
    }

    @Test func aSocketWithoutListenerIsToldFromAMissingOne() async throws {
        let socket = try ListeningSocket()
        socket.stop()
        let error = try await failure(["/nowhere/a.sock", socket.path])
        #expect(error == .notListening(path: socket.path))
    }

    /// A gateway that is down is not another one that happens to run: only its own second socket.
    @Test func whereOneGatewayIsNoOtherOneIsMeant() async throws {
        let (down, other) = (try ListeningSocket(), try ListeningSocket())
        down.stop()
        defer { other.stop() }
        let elsewhere = NSTemporaryDirectory() + "recharged-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: elsewhere,
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(atPath: elsewhere) }
        let link = elsewhere + "/control.sock"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: other.path)
        #expect(try await failure([down.path, link]) == .notListening(path: down.path))
        Thread.detachNewThread { other.answer("nonsense\r\n\r\n") }
        guard case .notUnderstood(other.path, _) = try await failure([down.path, other.path])
        else {
            Issue.record("the second socket of the same gateway should be tried")
            return
        }
    }

    @Test func aPathTooLongIsAnErrorAndNoTrap() async throws {
        let path = "/tmp/" + String(repeating: "x", count: 200)
        guard case .notConnected(path, _) = try await failure([path]) else {
            Issue.record("the path should be refused")
            return
        }
    }

    @Test func silenceEndsWithATimeOut() async throws {
        let socket = try ListeningSocket()
        defer { socket.stop() }
        let error = try await failure([socket.path], within: .milliseconds(50))
        #expect(error == .timedOut(path: socket.path, waitingFor: ControlPath.stats))
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n",
    ])
    func whatIsNoAnswerOfAGatewayIsAnError(answer: String) async throws {
        let socket = try ListeningSocket()
        defer { socket.stop() }
        Thread.detachNewThread { socket.answer(answer) }
        guard case .notUnderstood = try await failure([socket.path]) else {
            Issue.record("the answer should not be understood")
            return
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n",
    ])
    func anAnswerThatIsCutOffIsAHangUp(answer: String) async throws {
        let socket = try ListeningSocket()
        defer { socket.stop() }
        Thread.detachNewThread { socket.answer(answer) }
        let error = try await failure([socket.path])
        #expect(error == .disconnected(path: socket.path, waitingFor: ControlPath.stats))
    }

    /// The producer is asked for no more than the kernel and the channel can hold.
    @Test func anUploadWaitsForTheReader() async throws {
        let socket = try ListeningSocket()
        defer { socket.stop() }
        let chunk = [UInt8](repeating: 0x41, count: 64 << 10)
        var asked = 0
        let error = await #expect(throws: ControlClientError.self) {
            try await ControlClient.withConnection(
                toFirstOf: [socket.path],
                uploadWithin: .milliseconds(200)
            ) { client in
                _ = try await client.upload(
                    ControlPath.batches,
                    contentType: "text/csv",
                    key: "k",
                    as: BatchReceipt.self
                ) {
                    asked += chunk.count
                    return asked > 27 << 20 ? nil : chunk
                }
            }
        }
        #expect(error == .timedOut(path: socket.path, waitingFor: ControlPath.batches))
        #expect(asked < 2 << 20)
    }
}
