/// A message from a mobile to the service centre (3GPP 23.040 §9.2.2.2).
package struct SMSSubmit: Hashable, Sendable {
    package var destination: SMSAddress
    package var userData: UserData
    package var validity: ValidityPeriod?
    /// TP-MR; the mobile replaces it by its own and reports that one.
    package var messageReference: UInt8
    package var protocolIdentifier: UInt8
    package var requestStatusReport: Bool
    /// TP-RD: the service centre refuses the same reference to the same destination.
    package var rejectDuplicates: Bool
    package var replyPath: Bool

    package init(
        to destination: SMSAddress,
        userData: UserData,
        validity: ValidityPeriod?,
        messageReference: UInt8 = 0,
        protocolIdentifier: UInt8 = 0,
        requestStatusReport: Bool = false,
        rejectDuplicates: Bool = false,
        replyPath: Bool = false
    ) {
        self.destination = destination
        self.userData = userData
        self.validity = validity
        self.messageReference = messageReference
        self.protocolIdentifier = protocolIdentifier
        self.requestStatusReport = requestStatusReport
        self.rejectDuplicates = rejectDuplicates
        self.replyPath = replyPath
    }
}

extension SMSSubmit {
    /// Reads what follows the first octet.
    init(decoding reader: inout PDUReader, firstOctet: UInt8) throws(PDUError) {
        rejectDuplicates = firstOctet & 0x04 != 0
        requestStatusReport = firstOctet & 0x20 != 0
        replyPath = firstOctet & 0x80 != 0
        messageReference = try reader.octet(.messageReference)
        destination = try SMSAddress(decoding: &reader, field: .destination)
        protocolIdentifier = try reader.octet(.protocolIdentifier)
        let codingScheme = DataCodingScheme(octet: try reader.octet(.codingScheme))
        validity = try ValidityPeriod.decode(&reader, firstOctet: firstOctet)
        userData = try UserData(
            decoding: &reader,
            codingScheme: codingScheme,
            hasHeader: firstOctet & 0x40 != 0
        )
    }

    func append(to octets: inout [UInt8]) {
        var firstOctet: UInt8 = 0x01 | userData.headerBit | (validity?.formatBits ?? 0)
        if rejectDuplicates { firstOctet |= 0x04 }
        if requestStatusReport { firstOctet |= 0x20 }
        if replyPath { firstOctet |= 0x80 }
        octets.append(firstOctet)
        octets.append(messageReference)
        destination.append(to: &octets)
        octets.append(protocolIdentifier)
        octets.append(userData.codingScheme.octet)
        validity?.append(to: &octets)
        userData.append(to: &octets)
    }
}
