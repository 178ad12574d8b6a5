import Carriers
import Recharge
import SMSCodec

/// A request to the carrier as one short message, ready for `AT+CMGS`.
struct OutgoingMessage: Hashable, Sendable {
    /// Whom it goes to and its text, the PIN replaced.
    let redacted: String
    /// The PDU in hex, without its Ctrl-Z.
    let payload: [UInt8]
    /// In octets, without the service centre's address (3GPP 27.005 §4.3).
    let tpduLength: Int

    /// Asks for a status report where one is wanted and the profile lets it.
    ///
    /// Throws when the text does not fit one message: several have no single commit point.
    init(_ request: CarrierRequest, _ terms: Terms, isReported: Bool) throws {
        let submits = try SMSSegmentation.submits(
            text: request.text,
            to: SMSAddress(number: request.to),
            reference: .narrow(0),
            validity: .lasting(atLeast: terms.profile.timing.validity),
            requestStatusReport: isReported && terms.profile.asksForReports,
            rejectDuplicates: true
        )
        guard submits.count == 1, let submit = submits.first else {
            throw TooLong(parts: submits.count)
        }
        let frame = PDUFrame(tpdu: .submit(submit))
        redacted = "\(request.to) \(request.redacted)"
        payload = Array(frame.hex.utf8)
        tpduLength = frame.tpduLength
    }

    private struct TooLong: Error, CustomStringConvertible {
        let parts: Int
        var description: String { "it needs \(parts) messages; shorten the profile's text" }
    }
}
