/// What became of a message that asked for a status report (3GPP 23.040 §9.2.2.3).
///
/// Says that a message reached its recipient, never that the recipient acted on it.
package struct SMSStatusReport: Hashable, Sendable {
    /// TP-MR of the SUBMIT, as the mobile reported it.
    package var messageReference: UInt8
    package var recipient: SMSAddress
    /// When the service centre received the SUBMIT.
    package var timestamp: ServiceCentreTimestamp
    package var dischargeTime: ServiceCentreTimestamp
    package var status: SMSStatus
    package var protocolIdentifier: UInt8?
    /// Carries the data coding scheme; a scheme without user data is not kept.
    package var userData: UserData?
    package var moreMessages: Bool
    package var loopPrevention: Bool
    /// The report answers an SMS-COMMAND rather than a SUBMIT.
    package var answersCommand: Bool

    package init(
        messageReference: UInt8,
        recipient: SMSAddress,
        timestamp: ServiceCentreTimestamp,
        dischargeTime: ServiceCentreTimestamp,
        status: SMSStatus,
        protocolIdentifier: UInt8? = nil,
        userData: UserData? = nil,
        moreMessages: Bool = false,
        loopPrevention: Bool = false,
        answersCommand: Bool = false
    ) {
        self.messageReference = messageReference
        self.recipient = recipient
        self.timestamp = timestamp
        self.dischargeTime = dischargeTime
        self.status = status
        self.protocolIdentifier = protocolIdentifier
        self.userData = userData
        self.moreMessages = moreMessages
        self.loopPrevention = loopPrevention
        self.answersCommand = answersCommand
    }
}

extension SMSStatusReport {
    /// Reads what follows the first octet.
    init(decoding reader: inout PDUReader, firstOctet: UInt8) throws(PDUError) {
        moreMessages = firstOctet & 0x04 == 0
        loopPrevention = firstOctet & 0x08 != 0
        answersCommand = firstOctet & 0x20 != 0
        messageReference = try reader.octet(.messageReference)
        recipient = try SMSAddress(decoding: &reader, field: .recipient)
        timestamp = ServiceCentreTimestamp(
            octets: try reader.sevenOctets(.serviceCentreTimestamp)
        )
        dischargeTime = ServiceCentreTimestamp(octets: try reader.sevenOctets(.dischargeTime))
        status = SMSStatus(octet: try reader.octet(.status))
        let present = try Self.parameterIndicator(&reader)
        protocolIdentifier =
            present & 0b001 != 0 ? try reader.octet(.protocolIdentifier) : nil
        let codingScheme = present & 0b010 != 0 ? try reader.octet(.codingScheme) : 0
        guard present & 0b100 != 0 else {
            userData = nil
            return
        }
        userData = try UserData(
            decoding: &reader,
            codingScheme: DataCodingScheme(octet: codingScheme),
            hasHeader: firstOctet & 0x40 != 0
        )
    }

    /// Reads TP-PI, whose bit 7 announces another octet; none is left in most reports.
    private static func parameterIndicator(_ reader: inout PDUReader) throws(PDUError) -> UInt8 {
        guard reader.left > 0 else { return 0 }
        let first = try reader.octet(.parameterIndicator)
        var last = first
        while last & 0x80 != 0 { last = try reader.octet(.parameterIndicator) }
        return first
    }

    func append(to octets: inout [UInt8]) {
        var firstOctet: UInt8 = 0x02 | (userData?.headerBit ?? 0)
        if !moreMessages { firstOctet |= 0x04 }
        if loopPrevention { firstOctet |= 0x08 }
        if answersCommand { firstOctet |= 0x20 }
        octets.append(firstOctet)
        octets.append(messageReference)
        recipient.append(to: &octets)
        timestamp.octets.append(to: &octets)
        dischargeTime.octets.append(to: &octets)
        octets.append(status.octet)
        guard protocolIdentifier != nil || userData != nil else { return }
        octets.append((protocolIdentifier == nil ? 0 : 0b001) | (userData == nil ? 0 : 0b110))
        if let protocolIdentifier { octets.append(protocolIdentifier) }
        if let userData {
            octets.append(userData.codingScheme.octet)
            userData.append(to: &octets)
        }
    }
}
