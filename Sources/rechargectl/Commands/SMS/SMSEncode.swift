import ArgumentParser
import Glibc
import SMSCodec

/// Writes PDUs.
struct SMSEncode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Write a text as PDUs, one on each line.",
        usage: "rechargectl sms encode (--to <number> | --from <sender>) --text <text> [<options>]",
        discussion: """
            With --to it becomes a SUBMIT, as AT+CMGS sends it; with --from a DELIVER, as a SIM \
            receives it. A long text becomes several parts. The alphabet is GSM 7-bit where it can \
            be, otherwise UCS2. With --json each PDU comes with its TPDU length, the number that \
            AT+CMGS wants.

              rechargectl sms encode --to 10086 --text "CZ#13800138000#50" --validity 5min
              rechargectl sms encode --from 10086 --text "充值成功" --json
            """
    )

    @Option(help: ArgumentHelp("The recipient of a SUBMIT.", valueName: "number"))
    var to: String?

    @Option(help: ArgumentHelp("The sender of a DELIVER: a number or a name.", valueName: "sender"))
    var from: String?

    @Option(help: "The text.")
    var text: String

    @Option(
        help: ArgumentHelp("How long the centre tries: 5min, 2h, 1d, 3w.", valueName: "duration")
    )
    var validity: String?

    @Flag(help: "Ask for a status report.")
    var report = false

    @Option(
        help: ArgumentHelp("What the parts of a long text share, 0 to 255.", valueName: "number")
    )
    var reference: UInt8 = 0

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (to == nil) != (from == nil) else {
            throw ValidationError("Give --to for a SUBMIT or --from for a DELIVER, one of the two.")
        }
        if from != nil, validity != nil || report {
            throw ValidationError("--validity and --report belong to a SUBMIT: use --to.")
        }
        if let validity, SMSEncode.duration(validity) == nil {
            throw ValidationError("--validity \(validity): write 5min, 2h, 1d or 3w, at most 63w.")
        }
    }

    func run() async throws {
        let frames: [PDUFrame]
        do {
            frames = try messages().map { PDUFrame(tpdu: $0) }
        } catch {
            throw Failure(.badInput, "the message cannot be written: \(error)")
        }
        guard global.json else {
            for frame in frames { try global.console.line(frame.hex) }
            return
        }
        try global.console.json(
            frames.enumerated().map { index, frame in
                EncodedMessage(
                    pdu: frame.hex,
                    tpduLength: frame.tpduLength,
                    part: index + 1,
                    parts: frames.count
                )
            }
        )
    }

    private func messages() throws(PDUError) -> [TPDU] {
        if let to {
            return try SMSSegmentation.submits(
                text: text,
                to: SMSAddress(number: to),
                reference: .narrow(reference),
                validity: validity.flatMap { SMSEncode.duration($0) }.map {
                    .relative(atLeast: $0)
                },
                requestStatusReport: report
            ).map { .submit($0) }
        }
        return try SMSSegmentation.delivers(
            text: text,
            from: SMSEncode.sender(from ?? ""),
            timestamp: ServiceCentreTimestamp(
                utcMilliseconds: Int64(time(nil)) * 1000,
                quarterHours: 0
            ),
            reference: .narrow(reference)
        ).map { .deliver($0) }
    }

    /// A sender of digits is a number, any other a name.
    private static func sender(_ text: String) throws(PDUError) -> SMSAddress {
        let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
        let isNumber = digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? try SMSAddress(number: text) : try SMSAddress(alphanumeric: text)
    }

    /// Reads a whole number with its unit.
    static func duration(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units = ["min": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let count = Int(digits), (1...1_000_000).contains(count),
            let unit = units[String(text.dropFirst(digits.count))]
        else { return nil }
        let duration = Duration.seconds(count * unit)
        return duration <= .seconds(63 * 604_800) ? duration : nil
    }
}

/// One PDU as `sms encode --json` prints it.
struct EncodedMessage: Encodable, Hashable, Sendable {
    var pdu: String
    /// The number in `AT+CMGS=n`.
    var tpduLength: Int
    var part: Int
    var parts: Int
}
