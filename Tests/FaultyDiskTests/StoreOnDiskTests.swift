import FaultyDisk
import Foundation
import JobStorage
import Recharge
import TestSupport
import Testing

/// What the store owes to disks that fail; `etc/prove power` and `etc/prove io` look for more.
struct StoreOnDiskTests {
    @Test func theFirstOrderSurvivesThePower() async throws {
        let machine = try StoreMachine()
        let store = try machine.open()
        let order = try Samples.order(1)
        let job = try await store.submit(order, by: .gateway, at: Samples.midnight).job
        var generator = SplitMix64(seed: 1)
        let image = machine.disk.image.afterPowerCut(.whole, using: &generator)
        let after = try StoreMachine(image)
        #expect(try await after.open().job(job.id)?.order == order)
    }

    /// The kernel gives pages back from memory that a failed sync never wrote.
    @Test func whatFollowsAFailedSyncSurvivesThePower() async throws {
        let machine = try StoreMachine()
        let store = try machine.open()
        let trigger = DiskTrigger(count: 1, calls: [DiskCall(.wal, .sync)])
        machine.disk.setPlan(.fault(.inputOutput, trigger, isLasting: false))
        let refusal = await #expect(throws: JobStoreError.self) {
            try await store.submit(try Samples.order(1), by: .gateway, at: Samples.midnight)
        }
        #expect(refusal?.code == .stopped)
        let restarted = try StoreMachine(machine.disk.image)
        let job = try await restarted.open()
            .submit(try Samples.order(2), by: .gateway, at: Samples.midnight).job
        var generator = SplitMix64(seed: 1)
        let image = restarted.disk.image.afterPowerCut(.whole, using: &generator)
        let after = try StoreMachine(image)
        #expect(try await after.open().job(job.id)?.state == .ready)
    }

    @Test(arguments: [
        (DiskCall(.database, .read), JobStoreError.Code.stopped),
        (DiskCall(.database, .lock), .stopped),
        (DiskCall(.wal, .sync), .stopped),
        (DiskCall(.wal, .write), .stopped),
        (DiskCall(.database, .open), .unusable),
    ])
    func aDiskThatFailsAtTheStartIsNotDamage(call: DiskCall, code: JobStoreError.Code) throws {
        let machine = try StoreMachine()
        try machine.open().close()
        for count in 1... {
            let again = try StoreMachine(machine.disk.image)
            let trigger = DiskTrigger(count: count, calls: [call])
            again.disk.setPlan(.fault(.inputOutput, trigger, isLasting: true))
            do {
                try again.open().close()
            } catch let error as JobStoreError {
                #expect(error.code == code, "\(call) \(count): \(error)")
                #expect(!error.message.contains("backup"))
            }
            guard let incident = again.disk.incident else {
                // It has fewer such calls than that.
                #expect(count > 1)
                break
            }
            #expect(incident.call == call)
        }
    }
}

/// A folder on a disk of its own.
private final class StoreMachine {
    let disk: FaultyDisk
    private let folder: TemporaryFolder

    init(_ image: DiskImage = DiskImage()) throws {
        folder = try TemporaryFolder()
        disk = FaultyDisk.mount(image, at: folder.path)
    }

    deinit {
        disk.unmount()
    }

    func open() throws -> SQLiteJobStore {
        try SQLiteJobStore.open(folder: folder.path, at: Samples.midnight) { _ in 80 << 20 }
    }
}
