import Engine
import Gateway
import JobStorage
import Logging
import Recharge
import TestSupport
import Testing

@Suite struct DurableActionsTests {
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
        let actions = DurableActions(
            store: store,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let pause = SIMWorkerMachine.Action.pauseSIM(reason: "the carrier says: wrong_pin")
        _ = try await actions.perform(pause, for: sim, at: now)
        let again = try await store.admit(sighting, enrolment: .required, at: now)
        #expect(again.sim.state == .quarantined)
        try store.close()
    }
}
