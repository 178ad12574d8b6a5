import ArgumentParser
import SMSCodec

/// Reads PDUs.
struct SMSDecode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Read PDUs and show their fields.",
        usage: "rechargectl sms decode [<pdu> ...] [<options>]",
        discussion: """
            A PDU begins with the service centre's address, as AT+CMGL and AT+CMGR give it and as \
            AT+CMGS takes it; write 00 before one that lacks it. SUBMIT, DELIVER and STATUS-REPORT \
            are told apart by themselves. Without an argument, one PDU is read from each line of \
            standard input; a line that is no PDU is named, and the others are shown all the same.

              rechargectl sms decode \\
                000405810180F60000621132710475000CD2F2181D969FCB64500D06
              rechargectl sms decode --json < pdus.txt
            """
    )

    @Argument(help: ArgumentHelp("PDUs; none: lines of standard input.", valueName: "pdu"))
    var pdus: [String] = []

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        var garbage = 0
        if pdus.isEmpty {
            var number = 0
            while let line = readLine() {
                number += 1
                let text = String(line.filter { !$0.isWhitespace })
                if text.isEmpty { continue }
                if try !show(text, place: "line \(number)") { garbage += 1 }
            }
        } else {
            for (index, pdu) in pdus.enumerated() where try !show(pdu, place: "PDU \(index + 1)") {
                garbage += 1
            }
        }
        guard garbage == 0 else { throw Ending(.badInput) }
    }

    /// Shows one PDU; returns whether it is one.
    private func show(_ hex: String, place: String) throws(Failure) -> Bool {
        let message: DecodedMessage
        do {
            message = DecodedMessage(try SMSDecode.frame(hex))
        } catch {
            Console.complain("\(place): \(error); check that the PDU is whole and in hex digits")
            return false
        }
        if global.json {
            try global.console.json(message)
        } else {
            try global.console.table(message.table)
            try global.console.line()
        }
        return true
    }

    /// The three types known here have different type bits, so that the direction need not be told.
    private static func frame(_ hex: String) throws(PDUError) -> PDUFrame {
        do {
            return try PDUFrame(hex: hex, direction: .mobileTerminated)
        } catch {
            guard error.field == .messageType else { throw error }
            return try PDUFrame(hex: hex, direction: .mobileOriginated)
        }
    }
}
