import ControlAPI
import Foundation
import Recharge
import TestSupport
import Testing

@testable import ControlServer

struct OpenAPITests {
    private func document(_ server: RunningServer) async throws -> [String: Any] {
        let text = try await server.client { try await $0.text(ControlPath.openAPI) }
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(value as? [String: Any])
    }

    @Test func exactlyTheRoutesAreDescribed() async throws {
        try await RunningServer.with { server in
            let paths = try #require(try await document(server)["paths"] as? [String: Any])
            let described = paths.flatMap { path, item in
                ((item as? [String: Any]) ?? [:]).keys.map { "\($0.uppercased()) \(path)" }
            }
            let routes = server.service.routes.map(\.name)
            #expect(Set(described) == Set(routes))
            #expect(described.count == routes.count)
            #expect(routes.count == 54)
        }
    }

    @Test func everyTypeThatIsNamedIsDescribed() async throws {
        try await RunningServer.with { server in
            let document = try await document(server)
            let text = String(
                decoding: try JSONSerialization.data(
                    withJSONObject: document,
                    options: .withoutEscapingSlashes
                ),
                as: UTF8.self
            )
            let prefix = "#/components/schemas/"
            let named = text.components(separatedBy: prefix).dropFirst().map { rest in
                String(rest.prefix { $0.isLetter })
            }
            #expect(!named.isEmpty)
            #expect(Set(named).isSubset(of: OpenAPISchemas.all.keys))
            let unused = Set(OpenAPISchemas.all.keys).subtracting(named)
            #expect(unused.isEmpty)
        }
    }

    @Test func aValidatorAcceptsIt() async throws {
        try await RunningServer.with { server in
            let path = server.folder.path("openapi.json")
            let text = try await server.client { try await $0.text(ControlPath.openAPI) }
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let log = server.folder.path("validator.log")
            let status = try await run(["openapi-spec-validator", path], log: log)
            let said = String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: log)),
                as: UTF8.self
            )
            // 127: it is not installed here.
            #expect([0, 127].contains(status), "\(said)")
        }
    }

    /// Runs a program to its end without holding a thread meanwhile.
    private func run(_ arguments: [String], log: String) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        process.standardOutput = output
        process.standardError = output
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Each type of the wire has the members that its description has, no more and no fewer.
    @Test func theDescriptionsAgreeWithTheTypes() throws {
        for (name, value) in try WireSamples.all() {
            guard case .object(let required, let optional) = OpenAPISchemas.all[name] else {
                Issue.record("\(name) is not described")
                continue
            }
            let full = try keys(of: value)
            #expect(full == Set(required.map(\.key) + optional.map(\.key)), "\(name)")
        }
        let described = OpenAPISchemas.all.keys.filter { !$0.hasSuffix("Page") && $0 != "OpenAPI" }
        #expect(Set(try WireSamples.all().keys) == Set(described))
    }

    private func keys(of value: any Encodable) throws -> Set<String> {
        let object = try JSONSerialization.jsonObject(with: WireJSON.encode(value))
        return Set(try #require(object as? [String: Any]).keys)
    }
}
