import SMSCodec

/// Frames of each kind, as hexadecimal text and direction.
enum Samples {
    static let helloDeliver =
        "07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37"
    static let helloSubmit = "0011000B916407281553F80000AA0AE8329BFD4697D9EC37"
    static let howAreYou =
        "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
    /// 充值成功 from 10086 at 2024-05-06 07:08:09, UTC+8.
    static let chineseDeliver =
        "0891683108200505F0" + "04058101" + "80F6000842506070809023085145503C6210529F"
    static let report =
        "07911326040000F0"
        + "06 2A 0B 911346610089F6 42506070809023 42506070809123 00"
        .filter { $0 != " " }

    static let all: [(hex: String, direction: TPDU.Direction)] =
        [
            (helloDeliver, .mobileTerminated), (helloSubmit, .mobileOriginated),
            (howAreYou, .mobileTerminated), (chineseDeliver, .mobileTerminated),
            (report, .mobileTerminated),
        ] + built

    /// Frames with headers, alphanumeric sender, each validity format and a long report.
    private static let built: [(hex: String, direction: TPDU.Direction)] = {
        do throws(PDUError) { return try build() } catch { return [] }
    }()

    private static func build() throws(PDUError) -> [(hex: String, direction: TPDU.Direction)] {
        let stamp = try ServiceCentreTimestamp(
            utcMilliseconds: 1_714_950_489_000,
            quarterHours: -14
        )
        let centre = try SMSAddress(number: "+8613800100500")
        let long = String(repeating: "long text with {braces} and €. ", count: 8)
        let delivers = try SMSSegmentation.delivers(
            text: long,
            from: try SMSAddress(alphanumeric: "Carrier@1"),
            timestamp: stamp,
            reference: .wide(0xBEEF)
        )
        let submits = try SMSSegmentation.submits(
            text: String(repeating: "充值😀", count: 30),
            to: try SMSAddress(number: "+861391234567"),
            reference: .narrow(7),
            validity: .absolute(stamp),
            requestStatusReport: true
        )
        let enhanced = SMSSubmit(
            to: try SMSAddress(number: "10086"),
            userData: try UserData(
                codingScheme: DataCodingScheme(alphabet: .octets),
                header: [HeaderElement(identifier: 0x05, content: [1, 2, 3, 4])],
                payload: [0, 0xFF, 0x80]
            ),
            validity: .enhanced(SevenOctets([0x41, 9, 8, 7, 6, 5, 4]))
        )
        let report = SMSStatusReport(
            messageReference: 9,
            recipient: try SMSAddress(number: "*100#"),
            timestamp: stamp,
            dischargeTime: stamp,
            status: SMSStatus(octet: 0x46),
            protocolIdentifier: 3,
            userData: try UserData(text: "failed")
        )
        let terminated: [TPDU] = delivers.map { .deliver($0) } + [.statusReport(report)]
        let originated: [TPDU] = (submits + [enhanced]).map { .submit($0) }
        return terminated.map {
            (PDUFrame(serviceCentre: centre, tpdu: $0).hex, .mobileTerminated)
        } + originated.map { (PDUFrame(tpdu: $0).hex, .mobileOriginated) }
    }
}

/// A moment that tests agree on: 2024-05-06 07:08:09 at UTC+8.
func sampleTimestamp(plusSeconds seconds: Int64 = 0) throws -> ServiceCentreTimestamp {
    try ServiceCentreTimestamp(
        utcMilliseconds: 1_714_950_489_000 + seconds * 1000,
        quarterHours: 32
    )
}
