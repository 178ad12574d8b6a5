import Carriers
import Recharge
import SMSCodec
import TestSupport
import Testing

@testable import Engine

/// What the network is told about a request.
@Suite struct OutgoingMessageTests {
    private static func submit(
        isReported: Bool = true,
        _ profile: CarrierProfile? = nil
    ) throws -> SMSSubmit {
        let assignment = try EngineSamples.assignment(profile: profile)
        let terms = SIMWork(assignment, at: EngineSamples.moment(.zero)).terms
        let request = try terms.profile.request(
            number: try Samples.number(1),
            amount: try Samples.yuan(10),
            pin: terms.pin
        )
        let message = try OutgoingMessage(request, terms, isReported: isReported)
        let hex = String(decoding: message.payload, as: UTF8.self)
        let frame = try PDUFrame(hex: hex, direction: .mobileOriginated)
        guard case .submit(let submit) = frame.tpdu else { throw NoSubmit() }
        return submit
    }

    private struct NoSubmit: Error {}

    /// The network must not keep it longer than the gateway believes: what it delivers after its
    /// death has been proven absent by then, and was sent again.
    @Test func theNetworkKeepsARequestAsLongAsTheProfileSays() throws {
        let submit = try Self.submit()
        #expect(try EngineSamples.knownProfile().timing.validity == .seconds(30))
        #expect(submit.validity?.duration == .seconds(30))
        #expect(submit.rejectDuplicates)
    }

    @Test func theNetworkIsAskedWhatBecameOfARequestUnlessTheProfileForbidsIt() throws {
        #expect(try Self.submit().requestStatusReport)
        #expect(try !Self.submit(isReported: false).requestStatusReport)
        #expect(try !Self.submit(SparseCarrier.profile()).requestStatusReport)
    }
}
