import ControlAPI
import Foundation
import Recharge
import TestSupport
import Testing

@testable import ControlServer

struct SocketFileTests {
    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func socketsAreOpenToTheirGroupOnly() async throws {
        var paths: [String] = []
        try await RunningServer.with { server in
            paths = [server.controlSocket, server.readSocket]
            let modes = try paths.map(mode)
            #expect(modes == [0o660, 0o660])
        }
        for path in paths { #expect(!FileManager.default.fileExists(atPath: path)) }
    }

    @Test func aLiveServersSocketIsLeftToIt() async throws {
        try await RunningServer.with { first in
            let error = try await #require(throws: SocketFileError.self) {
                try await RunningServer.with {
                    $0.controlSocket = first.controlSocket
                } _: { _ in
                    Issue.record("two servers on one path")
                }
            }
            #expect("\(error)".contains("another daemon answers there"))
            let health: HealthView = try await first.client {
                try await $0.get(ControlPath.alive)
            }
            #expect(health.status == "alive")
        }
    }

    @Test func aSocketLeftByAKilledServerIsRemoved() async throws {
        let folder = try TemporaryFolder()
        let stale = folder.path("control.sock")
        try SocketFileTests.leaveSocket(at: stale)
        #expect(FileManager.default.fileExists(atPath: stale))
        try await RunningServer.with {
            $0.controlSocket = stale
        } _: { server in
            let health: HealthView = try await server.client {
                try await $0.get(ControlPath.alive)
            }
            #expect(health.status == "alive")
        }
    }

    @Test func whatIsNoSocketIsNotTouched() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("control.sock")
        try Data("money".utf8).write(to: URL(fileURLWithPath: path))
        await #expect(throws: SocketFileError.self) {
            try await RunningServer.with {
                $0.controlSocket = path
            } _: { _ in
            }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("money".utf8))
    }

    @Test(arguments: [true, false])
    func aPathTooLongIsAnErrorAndNoTrap(_ isThere: Bool) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(String(repeating: "x", count: 120))
        if isThere {
            try SocketFileTests.leaveSocket(at: folder.path("s"))
            try FileManager.default.moveItem(atPath: folder.path("s"), toPath: path)
        }
        let error = try #require(throws: SocketFileError.self) {
            try SocketFile(path: path, group: "nobody").clear()
        }
        #expect("\(error)".contains("107"))
    }

    @Test func whatAKilledServerSpooledIsRemoved() async throws {
        let folder = try TemporaryFolder()
        for name in ["upload.a1B2c3", "upload.csv", "recharged.sqlite"] {
            try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path(name)))
        }
        UploadSpool.clear(folder.path)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(left) == ["upload.csv", "recharged.sqlite"])
    }

    @Test func theSpoolHasNoName() throws {
        let folder = try TemporaryFolder()
        let spool = try UploadSpool(in: folder.path)
        try spool.append(Array("one".utf8))
        try spool.append([])
        try spool.append(Array("two".utf8))
        #expect(try spool.chunk(at: 0) == Array("onetwo".utf8))
        #expect(try spool.chunk(at: 6).isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    /// Binds a socket and lets it go without removing the file.
    private static func leaveSocket(at path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size)
            }
        }
        #expect(code == 0)
    }
}
