import Engine
import JobStorage
import Logging
import NIOPosix
import Recharge
import SerialPorts
import TestSupport
import Testing

@testable import Gateway

@Suite struct SIMWorkerTests {
    /// The words of a carrier about a SIM that does not work must not stop the whole gateway.
    @Test func aSIMThatMayNotWorkAnywayNeedsNoPause() async throws {
        let folder = try TemporaryFolder()
        let now = Samples.midnight
        let store = try SQLiteJobStore.open(folder: folder.path("state"), at: now)
        let sim = try Samples.iccid(1)
        let sighting = SIMSighting(
            iccid: sim,
            imsi: nil,
            imei: nil,
            carrier: try Samples.carrier(),
            port: "ttyUSB0"
        )
        let admission = try await store.admit(sighting, enrolment: .required, at: now)
        #expect(admission.sim.state == .quarantined)
        var worker = SIMWorker(
            path: "ttyUSB0",
            settings: SerialSettings(),
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            store: store,
            time: .system,
            mailbox: WorkerMailbox(),
            reports: SIMWorker.Reports(
                assign: { _ in .rejected("not asked") },
                changed: { _, _ in },
                observed: { _, _ in }
            ),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        worker.sim = sim
        _ = try await worker.ask(.pauseSIM(reason: "the carrier says: wrong_pin"))
        let again = try await store.admit(sighting, enrolment: .required, at: now)
        #expect(again.sim.state == .quarantined)
        try store.close()
    }
}
