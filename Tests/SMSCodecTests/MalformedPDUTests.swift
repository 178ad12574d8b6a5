import TestSupport
import Testing

@testable import SMSCodec

struct MalformedPDUTests {
    @Test func errorNamesFieldOctetAndWhatIsMissing() throws {
        let cut = String(Samples.chineseDeliver.dropLast(6))
        let error = #expect(throws: PDUError.self) {
            try PDUFrame(hex: cut, direction: .mobileTerminated)
        }
        #expect(
            error?.description
                == "decoding TP-User-Data at octet 25: 8 octets announced, 5 left"
        )
    }

    @Test(
        arguments: [
            ("", 0, PDUError.Field.serviceCentre), ("0", 0, .pdu), ("00G0", 1, .pdu),
            ("00 1", 1, .pdu),
            ("0200", 2, .serviceCentre), ("02", 1, .serviceCentre), ("00", 1, .messageType),
            ("0011", 2, .messageReference),
            ("001100", 3, .destination), ("00110001", 4, .destination),
            ("0011000181", 5, .destination),
            ("0011000181F1", 6, .protocolIdentifier), ("0011000181F100", 7, .codingScheme),
            ("0011000181F10000", 8, .validityPeriod), ("0019000181F100001234", 8, .validityPeriod),
            ("0011000181F10000AA", 9, .userDataLength), ("0011000181F10000AA01", 10, .userData),
        ] as [(String, Int, PDUError.Field)]
    )
    func eachFieldIsNamedWhereItEnds(hex: String, octet: Int, field: PDUError.Field) {
        let error = #expect(throws: PDUError.self) {
            try PDUFrame(hex: hex, direction: .mobileOriginated)
        }
        #expect(error?.field == field)
        #expect(error?.attempt == .decoding(octet: octet))
    }

    @Test func eachTruncationOfEachSampleNamesAnOctetWithinIt() throws {
        for sample in Samples.all {
            let octets = sample.hex.utf8.count / 2
            let mandatory = try mandatoryOctets(sample.hex, sample.direction)
            for length in 0..<octets {
                let cut = String(sample.hex.prefix(length * 2))
                do throws(PDUError) {
                    _ = try PDUFrame(hex: cut, direction: sample.direction)
                    if length != mandatory { Issue.record("octet \(length) of \(octets)") }
                } catch {
                    guard case .decoding(let octet) = error.attempt, octet <= length,
                        case .truncated(let announced, let left) = error.fault, left < announced
                    else {
                        Issue.record("\(error)")
                        continue
                    }
                }
            }
        }
    }

    /// A status report is whole before its optional parts; other frames are never whole when cut.
    private func mandatoryOctets(_ hex: String, _ direction: TPDU.Direction) throws -> Int? {
        var frame = try PDUFrame(hex: hex, direction: direction)
        guard case .statusReport(var report) = frame.tpdu else { return nil }
        report.protocolIdentifier = nil
        report.userData = nil
        frame.tpdu = .statusReport(report)
        return frame.hex.utf8.count / 2
    }

    @Test(arguments: [TPDU.Direction.mobileOriginated, .mobileTerminated])
    func randomOctetsNeverTrapAndWhatDecodesRoundTrips(direction: TPDU.Direction) throws {
        var random = SplitMix64(seed: direction == .mobileOriginated ? 3 : 4)
        var decodedCount = 0
        for _ in 0..<120_000 {
            let length = Int.random(in: 0...60, using: &random)
            var octets = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            steer(&octets, using: &random)
            // A SUBMIT must end where it says it ends, which random octets seldom do.
            if let end = endOfSubmit(octets, direction) { octets.removeLast(octets.count - end) }
            if try roundTrips(octets, direction) { decodedCount += 1 }
        }
        #expect(decodedCount > 1000)
    }

    @Test func mutatedSamplesNeverTrapAndWhatDecodesRoundTrips() throws {
        var random = SplitMix64(seed: 5)
        let samples = try Samples.all.map { sample in
            (octets: try Hexadecimal.octets(sample.hex), direction: sample.direction)
        }
        var decodedCount = 0
        for _ in 0..<60_000 {
            guard let sample = samples.randomElement(using: &random) else { return }
            // Past the SMSC part.
            var octets = Array(sample.octets.dropFirst(Int(sample.octets[0]) + 1))
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<octets.count, using: &random)
                octets[index] = UInt8.random(in: 0...255, using: &random)
            }
            if try roundTrips(octets, sample.direction) { decodedCount += 1 }
        }
        #expect(decodedCount > 10_000)
    }

    @Test func randomTextNeverTrapsAsAFrame() throws {
        var random = SplitMix64(seed: 6)
        for _ in 0..<20_000 {
            let length = Int.random(in: 0...80, using: &random)
            let hex = String(
                (0..<length).compactMap { _ in
                    "0123456789ABCDEFabcdef".randomElement(using: &random)
                }
            )
            for direction in [TPDU.Direction.mobileOriginated, .mobileTerminated] {
                guard let frame = try? PDUFrame(hex: hex, direction: direction) else { continue }
                if try PDUFrame(hex: frame.hex, direction: direction) != frame {
                    Issue.record("\(hex)")
                }
            }
        }
    }

    /// Makes the address short in most inputs, so that the fields behind it are reached.
    private func steer(_ octets: inout [UInt8], using random: inout SplitMix64) {
        guard octets.count > 20, Bool.random(using: &random) else { return }
        octets[0] = octets[0] & 0xF8 | (Bool.random(using: &random) ? 1 : 0)
        octets[octets[0] & 1 == 1 ? 2 : 1] = UInt8.random(in: 0...12, using: &random)
    }

    private func endOfSubmit(_ octets: [UInt8], _ direction: TPDU.Direction) -> Int? {
        do throws(PDUError) {
            _ = try TPDU(decoding: octets, direction: direction)
            return nil
        } catch {
            guard case .decoding(let octet) = error.attempt, error.field == .pdu else { return nil }
            return octet
        }
    }

    private func roundTrips(_ octets: [UInt8], _ direction: TPDU.Direction) throws -> Bool {
        let decoded: TPDU
        do throws(PDUError) {
            decoded = try TPDU(decoding: octets, direction: direction)
        } catch {
            guard case .decoding(let octet) = error.attempt else {
                Issue.record("\(error)")
                return false
            }
            if !(0...octets.count).contains(octet) { Issue.record("\(error)") }
            return false
        }
        let encoded = decoded.encoded()
        if try TPDU(decoding: encoded, direction: direction) != decoded {
            Issue.record("\(Hexadecimal.text(octets))")
        }
        exercise(decoded)
        return true
    }

    /// Reads all that is computed from a decoded message.
    private func exercise(_ tpdu: TPDU) {
        switch tpdu {
        case .submit(let submit):
            _ = (try? submit.userData.text(), submit.validity?.duration, submit.destination.display)
            if case .absolute(let time) = submit.validity { _ = time.utcMilliseconds }
        case .deliver(let deliver):
            _ = (try? deliver.userData.text(), deliver.userData.concatenation)
            _ = (deliver.timestamp.utcMilliseconds, deliver.originator.display)
        case .statusReport(let report):
            _ = (report.dischargeTime.utcMilliseconds, report.status.category)
            _ = try? report.userData?.text()
        }
    }
}
