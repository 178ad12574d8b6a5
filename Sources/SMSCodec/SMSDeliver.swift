/// A message from the service centre to a mobile (3GPP 23.040 §9.2.2.1).
package struct SMSDeliver: Hashable, Sendable {
    package var originator: SMSAddress
    package var timestamp: ServiceCentreTimestamp
    package var userData: UserData
    package var protocolIdentifier: UInt8
    /// More messages wait in the service centre; on the air the bit says the opposite.
    package var moreMessages: Bool
    package var loopPrevention: Bool
    /// The sender asked for a status report.
    package var statusReportIndication: Bool
    package var replyPath: Bool

    package init(
        from originator: SMSAddress,
        timestamp: ServiceCentreTimestamp,
        userData: UserData,
        protocolIdentifier: UInt8 = 0,
        moreMessages: Bool = false,
        loopPrevention: Bool = false,
        statusReportIndication: Bool = false,
        replyPath: Bool = false
    ) {
        self.originator = originator
        self.timestamp = timestamp
        self.userData = userData
        self.protocolIdentifier = protocolIdentifier
        self.moreMessages = moreMessages
        self.loopPrevention = loopPrevention
        self.statusReportIndication = statusReportIndication
        self.replyPath = replyPath
    }
}

extension SMSDeliver {
    /// Reads what follows the first octet.
    init(decoding reader: inout PDUReader, firstOctet: UInt8) throws(PDUError) {
        moreMessages = firstOctet & 0x04 == 0
        loopPrevention = firstOctet & 0x08 != 0
        statusReportIndication = firstOctet & 0x20 != 0
        replyPath = firstOctet & 0x80 != 0
        originator = try SMSAddress(decoding: &reader, field: .originator)
        protocolIdentifier = try reader.octet(.protocolIdentifier)
        let codingScheme = DataCodingScheme(octet: try reader.octet(.codingScheme))
        timestamp = ServiceCentreTimestamp(
            octets: try reader.sevenOctets(.serviceCentreTimestamp)
        )
        userData = try UserData(
            decoding: &reader,
            codingScheme: codingScheme,
            hasHeader: firstOctet & 0x40 != 0
        )
    }

    func append(to octets: inout [UInt8]) {
        var firstOctet: UInt8 = userData.headerBit
        if !moreMessages { firstOctet |= 0x04 }
        if loopPrevention { firstOctet |= 0x08 }
        if statusReportIndication { firstOctet |= 0x20 }
        if replyPath { firstOctet |= 0x80 }
        octets.append(firstOctet)
        originator.append(to: &octets)
        octets.append(protocolIdentifier)
        octets.append(userData.codingScheme.octet)
        timestamp.octets.append(to: &octets)
        userData.append(to: &octets)
    }
}
