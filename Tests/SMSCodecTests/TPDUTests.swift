import Testing

@testable import SMSCodec

struct TPDUTests {
    private func deliver(_ hex: String) throws -> SMSDeliver {
        let frame = try PDUFrame(hex: hex, direction: .mobileTerminated)
        guard case .deliver(let deliver) = frame.tpdu else {
            throw PDUError.encoding(.pdu, .malformed("not a DELIVER"))
        }
        return deliver
    }

    private func submit(_ hex: String) throws -> SMSSubmit {
        let frame = try PDUFrame(hex: hex, direction: .mobileOriginated)
        guard case .submit(let submit) = frame.tpdu else {
            throw PDUError.encoding(.pdu, .malformed("not a SUBMIT"))
        }
        return submit
    }

    @Test func deliverHasItsFields() throws {
        let hello = try deliver(Samples.helloDeliver)
        #expect(hello.originator.value == "27838890001")
        #expect(hello.timestamp.utcMilliseconds == 922_713_419_000)
        #expect(!hello.moreMessages && !hello.statusReportIndication && !hello.replyPath)
        #expect(try hello.userData.text() == "hellohello")
        let question = try deliver(Samples.howAreYou)
        #expect(question.originator.display == "+31641600986")
        #expect(try question.userData.text() == "How are you?")
    }

    @Test func chineseDeliverHasItsFields() throws {
        let answer = try deliver(Samples.chineseDeliver)
        #expect(answer.originator.display == "10086")
        #expect(answer.timestamp == (try sampleTimestamp()))
        #expect(try answer.userData.text() == "充值成功")
    }

    @Test func submitHasItsFields() throws {
        let hello = try submit(Samples.helloSubmit)
        #expect(hello.destination.display == "+46708251358")
        #expect(hello.validity == .relative(170))
        #expect(hello.validity?.duration == .seconds(4 * 86_400))
        #expect(hello.messageReference == 0)
        #expect(try hello.userData.text() == "hellohello")
        let frame = PDUFrame(tpdu: .submit(hello))
        #expect(frame.hex == Samples.helloSubmit)
        #expect(frame.tpduLength == 23)
    }

    @Test func statusReportHasItsFields() throws {
        let frame = try PDUFrame(hex: Samples.report, direction: .mobileTerminated)
        guard case .statusReport(let report) = frame.tpdu else {
            Issue.record("not a STATUS-REPORT")
            return
        }
        #expect(report.messageReference == 0x2A)
        #expect(report.recipient.display == "+31641600986")
        #expect(report.timestamp == (try sampleTimestamp()))
        #expect(report.dischargeTime == (try sampleTimestamp(plusSeconds: 10)))
        #expect(report.status.category == .delivered)
        #expect(report.protocolIdentifier == nil && report.userData == nil)
    }

    @Test(
        arguments: [
            (0x00, SMSStatus.Category.delivered), (0x01, .unconfirmed), (0x02, .unconfirmed),
            (0x1F, .unconfirmed), (0x20, .trying), (0x30, .trying), (0x3F, .trying),
            (0x40, .failed),
            (0x46, .failed), (0x60, .failed), (0x7F, .failed), (0x80, .failed), (0xFF, .failed),
        ] as [(Int, SMSStatus.Category)]
    )
    func statusesFallIntoTheirRanges(octet: Int, category: SMSStatus.Category) {
        #expect(SMSStatus(octet: UInt8(octet)).category == category)
    }

    @Test func samplesEncodeToTheSameDigits() throws {
        #expect(Samples.all.count > 8)
        for sample in Samples.all {
            let frame = try PDUFrame(hex: sample.hex, direction: sample.direction)
            #expect(frame.hex == sample.hex)
            let lower = try PDUFrame(hex: sample.hex.lowercased(), direction: sample.direction)
            #expect(lower == frame)
        }
    }

    @Test func eachFlagHasItsOwnBit() throws {
        let to = try SMSAddress(number: "10086")
        let text = try UserData(text: "x")
        let submits: [(SMSSubmit, UInt8)] = [
            (SMSSubmit(to: to, userData: text, validity: nil), 0x01),
            (SMSSubmit(to: to, userData: text, validity: nil, rejectDuplicates: true), 0x05),
            (SMSSubmit(to: to, userData: text, validity: nil, requestStatusReport: true), 0x21),
            (SMSSubmit(to: to, userData: text, validity: nil, replyPath: true), 0x81),
            (SMSSubmit(to: to, userData: text, validity: .relative(0)), 0x11),
            (SMSSubmit(to: to, userData: text, validity: .enhanced(SevenOctets([]))), 0x09),
            (SMSSubmit(to: to, userData: text, validity: .absolute(try sampleTimestamp())), 0x19),
        ]
        for (submit, firstOctet) in submits {
            let octets = TPDU.submit(submit).encoded()
            #expect(octets.first == firstOctet)
            #expect(
                try TPDU(decoding: octets, direction: .mobileOriginated) == .submit(submit)
            )
        }
        let time = try sampleTimestamp()
        let delivers: [(SMSDeliver, UInt8)] = [
            (SMSDeliver(from: to, timestamp: time, userData: text), 0x04),
            (SMSDeliver(from: to, timestamp: time, userData: text, moreMessages: true), 0x00),
            (SMSDeliver(from: to, timestamp: time, userData: text, loopPrevention: true), 0x0C),
            (
                SMSDeliver(
                    from: to,
                    timestamp: time,
                    userData: text,
                    statusReportIndication: true
                ), 0x24
            ),
            (SMSDeliver(from: to, timestamp: time, userData: text, replyPath: true), 0x84),
        ]
        for (deliver, firstOctet) in delivers {
            let octets = TPDU.deliver(deliver).encoded()
            #expect(octets.first == firstOctet)
            #expect(
                try TPDU(decoding: octets, direction: .mobileTerminated) == .deliver(deliver)
            )
        }
    }

    @Test func statusReportsRoundTripWithEachOptionalPart() throws {
        for (identifier, text) in [(nil, nil), (0x40, nil), (nil, "why"), (0, "充")]
            as [(UInt8?, String?)]
        {
            let report = SMSStatusReport(
                messageReference: 255,
                recipient: try SMSAddress(number: "+1"),
                timestamp: try sampleTimestamp(),
                dischargeTime: try sampleTimestamp(),
                status: SMSStatus(octet: 0x30),
                protocolIdentifier: identifier,
                userData: try text.map { text throws in try UserData(text: text) },
                moreMessages: true,
                loopPrevention: true,
                answersCommand: true
            )
            let octets = TPDU.statusReport(report).encoded()
            #expect(
                try TPDU(decoding: octets, direction: .mobileTerminated) == .statusReport(report)
            )
        }
    }

    @Test func typesOfTheOtherDirectionAreRefused() {
        for (type, direction) in [
            (0x00, TPDU.Direction.mobileOriginated), (0x02, .mobileOriginated),
            (0x03, .mobileOriginated), (0x01, .mobileTerminated),
        ] {
            let error = #expect(throws: PDUError.self) {
                try TPDU(
                    decoding: [UInt8(type)] + .init(repeating: 0, count: 40),
                    direction: direction
                )
            }
            #expect(error?.field == .messageType)
            #expect(error?.attempt == .decoding(octet: 0))
        }
    }

    @Test func paddedRecordsAreReadAndPaddedSubmitsAreNot() throws {
        let padding = String(repeating: "FF", count: 120)
        let padded = try deliver(Samples.howAreYou + padding)
        #expect(padded == (try deliver(Samples.howAreYou)))
        let error = #expect(throws: PDUError.self) { try submit(Samples.helloSubmit + "FF") }
        #expect(error?.attempt == .decoding(octet: 24))
    }
}
