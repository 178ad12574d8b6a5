import Foundation
import JobStorage
import Recharge
import TestSupport

/// A queue in which something stands for every route, closed again; each rig opens a copy of it.
///
/// ```
/// job 1        in doubt, within what one person decides      SIM 1
/// job 2        in doubt, and a verdict on it is proposed     SIM 2
/// job 3        succeeded, and in dispute                     SIM 3, with a float
/// jobs 4 to 6  ready                                         SIM 4 in quarantine
/// ```
struct FilledQueue: Sendable {
    /// When the requests are made.
    static let now = Samples.midnight
    private static let sent = now.advanced(by: .seconds(-1000))
    private static let colleague = Actor("uid:4242(mei)")

    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        let store = try SQLiteJobStore.open(folder: folder.path("state"), at: Self.sent)
        for (index, yuan) in [(1, Int64(10)), (2, 200), (3, 50)] {
            try await Self.doubt(index, yuan, store)
        }
        _ = try await Self.resolve(2, store)
        _ = try await Self.resolve(3, store)
        _ = try await store.complain(
            Job.ID(3),
            reason: "nothing arrived",
            dueAt: nil,
            by: Self.colleague,
            at: Self.now
        )
        try await Self.fillStation(store)
        for index in 4...6 {
            _ = try await store.submit(try Samples.order(index), by: .gateway, at: Self.now)
        }
        try store.close()
    }

    /// A copy in a folder of its own.
    func copy(to state: String) throws {
        try FileManager.default.createDirectory(
            atPath: state,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        try FileManager.default.copyItem(
            atPath: folder.path("state/recharged.sqlite"),
            toPath: "\(state)/recharged.sqlite"
        )
    }

    private static func admit(
        _ index: Int,
        _ enrolment: Enrolment,
        _ store: SQLiteJobStore
    ) async throws -> ICCID {
        let iccid = try Samples.iccid(index)
        let sighting = SIMSighting(
            iccid: iccid,
            imsi: nil,
            imei: try Samples.imei(index),
            carrier: try Samples.carrier(),
            port: "/dev/pts/\(index)"
        )
        _ = try await store.admit(sighting, enrolment: enrolment, at: sent)
        return iccid
    }

    /// A job sent by a SIM of its own and not answered.
    private static func doubt(_ index: Int, _ yuan: Int64, _ store: SQLiteJobStore) async throws {
        let sim = try await admit(index, .open, store)
        let order = try Samples.order(index, yuan: yuan)
        _ = try await store.submit(order, by: .gateway, at: sent)
        let request = ClaimRequest(
            sim: sim,
            carrier: order.carrier,
            limits: .unlimited,
            dayBegan: sent,
            dayEnds: now.advanced(by: .seconds(86_400)),
            lease: .seconds(60)
        )
        guard case .claimed(let job) = try await store.claim(request, at: sent) else {
            throw Violation(description: "nothing was claimed")
        }
        let arming = Arming(
            job: job.id,
            sim: sim,
            redactedRequest: "CZ*******",
            balanceBefore: nil,
            fenceUntil: sent.advanced(by: .seconds(900))
        )
        let attempt = try await store.arm(arming, at: sent)
        let settlement = Settlement(
            attempt: attempt.id,
            ending: .unknown,
            evidence: [],
            reason: "no answer"
        )
        _ = try await store.settle(settlement, at: sent)
    }

    private static func resolve(_ index: Int64, _ store: SQLiteJobStore) async throws -> Proposal {
        let verdict = HandVerdict(
            job: Job.ID(index),
            finding: .succeeded(serial: "S\(index)"),
            reason: "the carrier says so",
            evidence: Array("a letter".utf8)
        )
        return try await store.resolve(verdict, people: ApprovalTerms(), by: colleague, at: now)
    }

    private static func fillStation(_ store: SQLiteJobStore) async throws {
        let sim = try Samples.iccid(3)
        _ = try await admit(4, .required, store)
        try await store.topUp(
            sim,
            try Samples.yuan(1000),
            key: nil,
            reason: "paid in",
            by: colleague,
            at: now
        )
        let report = FloatReport(
            sim: sim,
            balance: try Samples.yuan(940),
            messages: [],
            inquiry: nil,
            isCurrent: true
        )
        try await store.report(report, at: now)
        let message = InboxMessage(
            sim: sim,
            pdu: "00",
            sender: "10010",
            text: "13800000003 \u{7}",
            sentAt: sent,
            isRead: true
        )
        try await store.file([message], at: now)
    }
}
