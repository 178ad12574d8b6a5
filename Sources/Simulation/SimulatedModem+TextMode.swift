import SMSCodec

/// Text mode of 3GPP 27.005: what a message and an address look like in the chosen character set.
extension SimulatedModem {
    /// What a quoted argument says, in the chosen character set.
    func plain(_ argument: String) -> String? {
        settings.characterSet == .ucs2 ? Self.text(ofUCS2: argument) ?? argument : argument
    }

    /// A text as a quoted argument of an answer.
    func quoted(_ text: String) -> String {
        settings.characterSet == .ucs2 ? "\"\(Self.ucs2(of: text))\"" : "\"\(text)\""
    }

    func textSubmit(_ draft: Draft, _ payload: [UInt8]) throws(CommandError) -> SMSSubmit {
        let parameters = settings.textParameters
        let scheme = DataCodingScheme(octet: UInt8(truncatingIfNeeded: parameters.codingScheme))
        do {
            return SMSSubmit(
                to: try SMSAddress(number: draft.destination),
                userData: try userData(payload, scheme),
                validity: parameters.firstOctet & 0x18 == 0x10
                    ? .relative(UInt8(truncatingIfNeeded: parameters.validity)) : nil,
                protocolIdentifier: UInt8(truncatingIfNeeded: parameters.protocolIdentifier),
                requestStatusReport: parameters.firstOctet & 0x20 != 0
            )
        } catch {
            throw .invalidTextParameter
        }
    }

    private func userData(
        _ payload: [UInt8],
        _ scheme: DataCodingScheme
    ) throws(PDUError) -> UserData {
        let text = String(decoding: payload, as: UTF8.self)
        switch (scheme.alphabet, settings.characterSet) {
        case (.gsm7, .gsm):
            return try UserData(codingScheme: scheme, payload: payload.map { $0 & 0x7F })
        case (.gsm7, .ira):
            return try UserData(text: text, alphabet: .gsm7)
        case (.gsm7, .ucs2):
            return try UserData(text: Self.text(ofUCS2: text) ?? text, alphabet: .gsm7)
        case (.gsm7, .hexadecimal):
            return try UserData(codingScheme: scheme, payload: Self.octets(text) ?? payload)
        case (.ucs2, _), (.octets, _):
            return try UserData(codingScheme: scheme, payload: Self.octets(text) ?? payload)
        }
    }

    /// The text of a message on the line, as 3GPP 27.005 §3.1 `<data>` lays down.
    func text(_ userData: UserData) -> String {
        guard userData.codingScheme.alphabet == .gsm7, userData.header.isEmpty,
            let text = try? userData.text()
        else { return Self.hexadecimal(userData.payload) }
        switch settings.characterSet {
        case .gsm: return String(decoding: userData.payload, as: UTF8.self)
        case .ira: return text
        case .ucs2: return Self.ucs2(of: text)
        case .hexadecimal: return Self.hexadecimal(userData.payload)
        }
    }

    /// What stands after the status in `+CMGR`, and the text; nil for a PDU that is no message.
    func textMode(_ message: StoredMessage) -> (header: String, text: String?)? {
        let direction: TPDU.Direction =
            switch message.status {
            case .receivedRead, .receivedUnread: .mobileTerminated
            case .storedSent, .storedUnsent: .mobileOriginated
            }
        guard let frame = try? PDUFrame(hex: message.pdu, direction: direction) else { return nil }
        return textMode(frame.tpdu)
    }

    private func textMode(_ tpdu: TPDU) -> (header: String, text: String?) {
        switch tpdu {
        case .deliver(let deliver):
            return (
                "\(quoted(deliver.originator.display)),,\"\(Self.time(deliver.timestamp))\""
                    + textHeaders(deliver.originator, deliver.userData),
                text(deliver.userData)
            )
        case .submit(let submit):
            return ("\(quoted(submit.destination.display)),", text(submit.userData))
        case .statusReport(let report):
            return (Self.reportFields(report, quoted(report.recipient.display)), nil)
        }
    }

    /// `+CSDH=1` adds type of address, first octet, protocol, coding, centre and length.
    private func textHeaders(_ address: SMSAddress, _ userData: UserData) -> String {
        guard settings.showsTextHeaders else { return "" }
        let type = address.kind.typeOfNumber == .international ? 145 : 129
        return ",\(type),4,0,\(userData.codingScheme.octet),\(quoted(serviceCentre)),145,"
            + String(userData.payload.count)
    }

    /// `+CMT` or `+CDS` with what follows it.
    func directIndication(_ tpdu: TPDU) -> String {
        let frame = frame(tpdu)
        switch (tpdu, settings.isTextMode) {
        case (.statusReport, false): return "+CDS: \(frame.tpduLength)\r\n\(frame.hex)"
        case (.statusReport(let report), true):
            return "+CDS: " + Self.reportFields(report, quoted(report.recipient.display))
        case (.deliver, false), (.submit, false):
            return "+CMT: ,\(frame.tpduLength)\r\n\(frame.hex)"
        case (.deliver, true), (.submit, true):
            let fields = textMode(tpdu)
            return "+CMT: \(fields.header)\r\n\(fields.text ?? "")"
        }
    }

    /// As the network hands it over: with the address of the service centre.
    func frame(_ tpdu: TPDU) -> PDUFrame {
        PDUFrame(serviceCentre: try? SMSAddress(number: serviceCentre), tpdu: tpdu)
    }

    private static func reportFields(_ report: SMSStatusReport, _ recipient: String) -> String {
        let type = report.recipient.kind.typeOfNumber == .international ? 145 : 129
        return "6,\(report.messageReference),\(recipient),\(type),\"\(time(report.timestamp))\","
            + "\"\(time(report.dischargeTime))\",\(report.status.octet)"
    }

    private static func time(_ stamp: ServiceCentreTimestamp) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
        let date = [stamp.year % 100, stamp.month, stamp.day].map(two).joined(separator: "/")
        let clock = [stamp.hour, stamp.minute, stamp.second].map(two).joined(separator: ":")
        let zone = stamp.quarterHours
        return "\(date),\(clock)\(zone < 0 ? "-" : "+")\(two(abs(zone)))"
    }
}

extension SimulatedModem {
    static func hexadecimal(_ octets: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(
            decoding: octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    /// Nil unless it is an even number of hexadecimal digits.
    static func octets(_ hexadecimal: String) -> [UInt8]? {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        guard digits.count == hexadecimal.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { index in
            UInt8(digits[index] << 4 | digits[index + 1])
        }
    }

    static func ucs2(of text: String) -> String {
        hexadecimal(text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
    }

    static func text(ofUCS2 hexadecimal: String) -> String? {
        guard let octets = octets(hexadecimal), octets.count.isMultiple(of: 2) else { return nil }
        return String(
            decoding: stride(from: 0, to: octets.count, by: 2).map { index in
                UInt16(octets[index]) << 8 | UInt16(octets[index + 1])
            },
            as: UTF16.self
        )
    }
}
