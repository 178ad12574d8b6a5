import ATProtocol
import Engine
import Recharge

/// A worker of a simulated gateway: its machine, and what the shell keeps beside it.
///
/// A class, since a machine is large and is looked at often.
final class SimulatedWorker {
    var machine: SIMWorkerMachine
    var sim: ICCID?
    var wakeUp: Instant?
    var isFinished = false
    /// The end of the payload written last, which holds the PIN.
    var lastPayloadTail: [UInt8] = []
    /// Whether an intent is on disk for which no payload went out.
    var isArmed = false

    init(seed: UInt64) {
        machine = SIMWorkerMachine(seed: seed)
    }
}
