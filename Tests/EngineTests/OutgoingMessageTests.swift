import Carriers
import Recharge
import SMSCodec
import TestSupport
import Testing

@testable import Engine

/// What the network is told about a request.
@Suite struct OutgoingMessageTests {
    /// The network must not keep it longer than the gateway believes: what it delivers after its
    /// death has been proven absent by then, and was sent again.
    @Test func theNetworkKeepsARequestAsLongAsTheProfileSays() throws {
        let assignment = try EngineSamples.assignment()
        let terms = SIMWork(assignment, at: EngineSamples.moment(.zero)).terms
        let request = try terms.profile.request(
            number: try Samples.number(1),
            amount: try Samples.yuan(10),
            pin: terms.pin
        )
        let message = try OutgoingMessage(request, terms)
        let hex = String(decoding: message.payload, as: UTF8.self)
        guard case .submit(let submit) = try PDUFrame(hex: hex, direction: .mobileOriginated).tpdu
        else {
            Issue.record("a request is an SMS-SUBMIT")
            return
        }
        #expect(terms.profile.timing.validity == .seconds(30))
        #expect(submit.validity?.duration == terms.profile.timing.validity)
        #expect(submit.rejectDuplicates)
    }
}
