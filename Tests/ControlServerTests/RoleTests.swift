import ControlAPI
import Gateway
import JobStorage
import Logging
import Recharge
import TestSupport
import Testing

@testable import ControlServer

struct RoleTests {
    private let book = RoleBook(
        rules: [
            RoleRule(.uid(7), .viewer), RoleRule(.group("staff"), .operator),
            RoleRule(.group("chiefs"), .approver),
        ],
        adminUIDs: [0, 500]
    )

    @Test(
        arguments: [
            (0, [], Role.admin), (500, ["staff"], .admin), (7, ["chiefs"], .viewer),
            (8, ["staff"], .operator), (8, ["staff", "chiefs"], .approver), (8, [], .submitter),
        ] as [(UInt32, [String], Role)]
    )
    func theUsersOwnRuleComesBeforeThoseOfGroups(uid: UInt32, groups: [String], role: Role) {
        let peer = Peer(uid: uid, name: nil, groups: Set(groups))
        #expect(book.role(of: peer, otherwise: .submitter) == role)
    }

    @Test func rolesAreRanked() {
        #expect(Role.allCases == Role.allCases.sorted())
        #expect(Role.viewer < .submitter && Role.approver < .admin)
    }

    @Test func thePeerIsNamedByTheKernel() {
        #expect(Peer(uid: 1000, name: "mei", groups: []).actor.name == "uid:1000(mei)")
        #expect(Peer(uid: 1000, name: nil, groups: []).client == "uid:1000")
    }

    /// Every role is tried on every route, over the socket.
    @Test(arguments: Role.allCases)
    func aRouteIsClosedToLowerRoles(role: Role) async throws {
        try await RunningServer.with { configuration in
            let uid = configuration.adminUIDs.max() ?? 0
            configuration.adminUIDs = []
            configuration.roles = [RoleRule(.uid(uid), role), RoleRule(.uid(0), role)]
        } _: { server in
            let routes = server.service.routes.filter { $0.path != ControlPath.events }
            try await server.client { client in
                for route in routes {
                    let status = try await server.status(client, route)
                    if role < route.role {
                        #expect(status == 403, "\(route.name)")
                    } else {
                        #expect(status != 403, "\(route.name)")
                    }
                }
            }
        }
    }

    @Test func overALimitAnApproverDecides() async throws {
        try await RunningServer.with { configuration in
            let uid = configuration.adminUIDs.max() ?? 0
            configuration.adminUIDs = []
            configuration.roles = [RoleRule(.uid(uid), .operator), RoleRule(.uid(0), .operator)]
        } _: { server in
            var held = try Samples.order(1)
            held.hold = .overLimit
            let job = try await server.store.submit(held, by: .gateway, at: RunningServer.now).job
            let problem = try await server.client { client in
                try await refusal {
                    _ = try await client.post(
                        ControlPath.job(job.id, .release),
                        RunningServer.reason,
                        key: "r",
                        as: JobView.self
                    )
                }
            }
            #expect(problem.status == 403)
            #expect(problem.detail.contains("approver"))
        }
    }

    @Test func theReadSocketTakesNoOrders() async throws {
        try await RunningServer.with { server in
            try await server.client(server.readSocket) { client in
                let stats: StatsView = try await client.get(ControlPath.stats)
                #expect(stats.version == "1.2.3")
                for route in server.service.routes where route.isOrder {
                    let status = try await server.status(client, route)
                    #expect(status == 403, "\(route.path)")
                }
            }
        }
    }

    @Test func anOrderNeedsAKey() async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                for (key, code) in [
                    ("", Problem.Code.missingKey), (String(repeating: "k", count: 201), .badKey),
                ] {
                    for route in server.service.routes where route.isOrder {
                        let problem = try await refusal {
                            try await server.ask(client, route, key: key)
                        }
                        #expect(problem.code == code, "\(route.path)")
                    }
                }
            }
        }
    }
}

extension RunningServer {
    /// A service of its own, to read the table of routes from.
    var service: ControlService {
        ControlService(
            configuration: configuration,
            store: store,
            gateway: .init(modems: { [] }, workers: { [] }),
            now: { RunningServer.now },
            startedAt: RunningServer.now,
            logger: .init(label: "test")
        )
    }

    /// Asks for a route with an identifier that does not exist.
    func ask(_ client: ControlClient, _ route: Route, key: String = "k") async throws {
        let path = route.path.split(separator: "/").map { part in
            switch part {
            case "{id}": "99"
            case "{iccid}": "89860012340000000099"
            default: String(part)
            }
        }.joined(separator: "/")
        guard route.isOrder else {
            _ = try await client.text("/\(path)")
            return
        }
        var body: [UInt8]? = Array("{\"reason\":\"r\"}".utf8)
        _ = try await client.upload(
            "/\(path)",
            contentType: "text/csv",
            key: key.isEmpty ? "" : key + route.path,
            as: [String: Int].self
        ) { body.take() }
    }

    /// The status that a route answers with; 200 for whatever is good.
    func status(_ client: ControlClient, _ route: Route) async throws -> Int {
        do {
            try await ask(client, route)
        } catch ControlClientError.refused(let problem) {
            return problem.status
        } catch ControlClientError.notUnderstood {
            return 200
        }
        return 200
    }
}
