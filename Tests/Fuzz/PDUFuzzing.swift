import SMSCodec

/// Frames as a modem lists them; the way back gives the same frame, and the text survives being
/// cut into messages and put together again.
///
/// ```
/// choices | octets of the frame, or its hexadecimal digits       (bit 1 of choices: digits)
///       └ bit 0: from the mobile; bits 2 to 4: how often the text is repeated; bit 5: wide
///         references; bits 6 and 7: the order of the parts
/// ```
enum PDUFuzzing {
    static func run(_ bytes: [UInt8]) throws {
        var input = FuzzInput(bytes)
        let choices = input.byte()
        let hex =
            choices & 0x02 != 0
            ? String(decoding: input.rest, as: UTF8.self) : digits(of: input.rest)
        let direction: TPDU.Direction =
            choices & 0x01 != 0 ? .mobileOriginated : .mobileTerminated
        let frame: PDUFrame
        do throws(PDUError) {
            frame = try PDUFrame(hex: hex, direction: direction)
        } catch {
            return try demand(!"\(error)".isEmpty, "an error without words")
        }
        try check(frame, direction, choices)
    }

    private static func check(
        _ frame: PDUFrame,
        _ direction: TPDU.Direction,
        _ choices: UInt8
    ) throws {
        let again: PDUFrame
        do throws(PDUError) {
            again = try PDUFrame(hex: frame.hex, direction: direction)
        } catch {
            throw Violation(description: "its own digits cannot be read: \(error)")
        }
        try demand(again == frame, "the way back gives another frame: \(frame.hex)")
        try demand(again.hex == frame.hex, "the digits differ: \(frame.hex), \(again.hex)")
        try demand(
            try TPDU(decoding: frame.tpdu.encoded(), direction: direction) == frame.tpdu,
            "the octets of the message give another"
        )
        switch frame.tpdu {
        case .deliver(let deliver):
            try checkTimestamp(deliver.timestamp)
            try checkText(deliver.userData, from: deliver.originator, deliver.timestamp, choices)
            try checkLone(deliver)
        case .submit(let submit):
            let stamp = ServiceCentreTimestamp(octets: SevenOctets([]))
            try checkText(submit.userData, from: submit.destination, stamp, choices)
        case .statusReport(let report):
            try checkTimestamp(report.timestamp)
            try checkTimestamp(report.dischargeTime)
        }
    }

    /// A time stamp that is a date is the one that its moment gives.
    private static func checkTimestamp(_ stamp: ServiceCentreTimestamp) throws {
        guard let moment = stamp.utcMilliseconds else { return }
        let again = try ServiceCentreTimestamp(
            utcMilliseconds: moment,
            quarterHours: stamp.quarterHours
        )
        try demand(again.utcMilliseconds == moment, "\(stamp) is another moment: \(again)")
        try demand(again.day == stamp.day && again.hour == stamp.hour, "\(stamp) is not \(again)")
    }

    /// The text, longer than one message perhaps, arrives as it was.
    private static func checkText(
        _ userData: UserData,
        from sender: SMSAddress,
        _ timestamp: ServiceCentreTimestamp,
        _ choices: UInt8
    ) throws {
        guard let once = try? userData.text() else { return }
        let text = String(repeating: once, count: Int(choices >> 2 & 0b111) + 1)
        let parts = try SMSSegmentation.delivers(
            text: text,
            from: sender,
            timestamp: timestamp,
            reference: choices & 0x20 != 0 ? .wide(0xBEEF) : .narrow(choices)
        )
        var reassembler = SMSReassembler<Int>(expiry: .seconds(3600))
        var received: String?
        for (tag, part) in ordered(parts, by: choices >> 6).enumerated() {
            try demand(received == nil, "complete before its last part")
            let frame = PDUFrame(tpdu: .deliver(part))
            try demand(frame.tpduLength <= 175, "a part of \(frame.tpduLength) octets")
            let arrived = try PDUFrame(hex: frame.hex, direction: .mobileTerminated)
            guard case .deliver(let deliver) = arrived.tpdu else {
                throw Violation(description: "a DELIVER came back as something else")
            }
            switch reassembler.accept(deliver, tag: tag, at: 0) {
            case .complete(let message): received = message.text
            case .incomplete(_, _, dropped: nil): break
            case .incomplete, .repeated, .contested, .unreadable:
                throw Violation(description: "part \(tag) of \(parts.count) was not taken")
            }
        }
        try demand(
            received?.unicodeScalars.elementsEqual(text.unicodeScalars) == true,
            "the text did not survive"
        )
    }

    private static func ordered(_ parts: [SMSDeliver], by choice: UInt8) -> [SMSDeliver] {
        switch choice {
        case 0: parts
        case 1: parts.reversed()
        default: Array(parts.dropFirst(Int(choice)) + parts.prefix(Int(choice)))
        }
    }

    /// A message on its own is complete at once, or the first of several, or unreadable.
    private static func checkLone(_ deliver: SMSDeliver) throws {
        var reassembler = SMSReassembler<Int>(expiry: .seconds(3600))
        let outcome = reassembler.accept(deliver, tag: 1, at: .max)
        let text = try? deliver.userData.text()
        switch outcome {
        case .complete(let message):
            try demand(message.text == text, "a message of one part reads otherwise")
        case .unreadable: try demand(text == nil, "readable, and called unreadable")
        case .incomplete(have: 1, of: let total, dropped: nil):
            try demand(total > 1 && reassembler.expire(at: .max).count <= 1, "of \(total) parts")
        case .incomplete, .repeated, .contested:
            throw Violation(description: "a first message was \(outcome)")
        }
    }

    private static func digits(of octets: ArraySlice<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(octets.count * 2)
        for octet in octets { text += [digits[Int(octet >> 4)], digits[Int(octet & 0xF)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
