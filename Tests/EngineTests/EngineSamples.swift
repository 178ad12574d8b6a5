import ATProtocol
import Carriers
import GatewaySimulation
import Recharge
import TestSupport

@testable import Engine

/// The profile, the secret and the moments that the tests of the engine share.
enum EngineSamples {
    static let pin = SimulatedCarrier.pin

    static func knownProfile() throws -> CarrierProfile {
        try SimulatedCarrier.profile()
    }

    /// A moment so long after the start of a run.
    static func moment(_ duration: Duration) -> Moment {
        Moment(
            instant: Instant(nanoseconds: 0).advanced(by: duration),
            utc: Samples.midnight.advanced(by: duration)
        )
    }

    static func job(_ id: Int64, number: Int, yuan: Int64 = 10) throws -> Job {
        let order = try Samples.order(number, yuan: yuan)
        return Job(id: Job.ID(id), order: order, state: .leased, at: Samples.midnight)
    }

    static func attempt(
        _ id: Int64,
        number: Int,
        yuan: Int64 = 10,
        ordinal: Int = 1,
        armedAt: Timestamp = Samples.midnight,
        balanceBefore: Int64? = nil,
        deadAfter: Duration = .seconds(40),
        reversing serial: String? = nil,
        reference: Int? = nil
    ) throws -> Attempt {
        Attempt(
            id: Attempt.ID(id),
            job: Job.ID(id),
            ordinal: ordinal,
            sim: try Samples.iccid(1),
            number: try Samples.number(number),
            amount: try Samples.yuan(yuan),
            armedAt: armedAt,
            balanceBefore: try balanceBefore.map { try Samples.yuan($0) },
            outcome: .unknown,
            deadAt: armedAt.advanced(by: deadAfter),
            reversedSerial: serial,
            messageReference: reference
        )
    }

    /// Of a message that came in so long after midnight.
    static func stamp(_ seconds: Int, sentAt sent: Int? = nil) -> AttemptMemory.Stamp {
        AttemptMemory.Stamp(
            sentAt: Samples.midnight.advanced(by: .seconds(sent ?? seconds)),
            receivedAt: Samples.midnight.advanced(by: .seconds(seconds))
        )
    }

    /// A question for the carrier's record of an attempt, which can be answered for 70 s.
    static func asked(about attempt: Attempt, at seconds: Int = 100) throws -> Inquiry {
        let askedAt = Samples.midnight.advanced(by: .seconds(seconds))
        return Inquiry(
            id: Inquiry.ID(1),
            kind: .history,
            sim: try Samples.iccid(1),
            attempt: attempt.id,
            askedAt: askedAt,
            answersUntil: askedAt.advanced(by: .seconds(70)),
            outcome: nil
        )
    }

    static func assignment(
        unresolved: [Attempt] = [],
        closed: [ClosedAttempt] = [],
        parts: [InboxMessage] = [],
        pin: PIN = EngineSamples.pin,
        profile: CarrierProfile? = nil
    ) throws -> SIMWorkerMachine.Assignment {
        SIMWorkerMachine.Assignment(
            admission: SIMAdmission(
                sim: SIM(
                    iccid: try Samples.iccid(1),
                    carrier: try Samples.carrier(),
                    state: .enabled
                ),
                unresolved: unresolved,
                closed: closed,
                unfinishedParts: parts
            ),
            profile: try profile ?? knownProfile(),
            pin: pin,
            limits: .unlimited
        )
    }
}

extension AttemptMemory {
    /// Of a worker that began at midnight.
    init(unresolved: [Attempt], closed: [ClosedAttempt] = []) {
        self.init(unresolved: unresolved, closed: closed, at: Samples.midnight)
    }
}
