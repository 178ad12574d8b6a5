/// The commands of the gateway.
///
/// Each time-out is the longest that field experience calls normal; a repeat is declared only
/// where a second execution changes nothing.
extension ATCommand {
    package static let attention = ATCommand("AT", repeatability: .repeatable(tries: 3))
    package static let echoOff = ATCommand("ATE0", repeatability: .repeatable(tries: 2))
    /// Asks for errors as numbers: texts differ by maker and cannot be classified.
    package static let numericErrors = ATCommand(
        "AT+CMEE=1",
        repeatability: .repeatable(tries: 2)
    )
    package static let manufacturer = identity("AT+CGMI")
    package static let model = identity("AT+CGMM")
    package static let revision = identity("AT+CGMR")
    package static let imei = identity("AT+CGSN")
    package static let imsi = identity("AT+CIMI")
    /// The ways to ask for the ICCID, to be tried in this order until one is not refused.
    package static let iccidLadder = ["AT+CCID", "AT+ICCID", "AT^ICCID?"].map(identity)
    package static let pinState = query("AT+CPIN?", prefix: "+CPIN:", timeout: .seconds(10))
    package static let pduMode = ATCommand("AT+CMGF=0", repeatability: .repeatable(tries: 2))
    /// Selects phase 2 service without acknowledgement by `+CNMA` (3GPP 27.005 §3.2.1).
    package static let messageService = ATCommand(
        "AT+CSMS=0",
        informationPrefix: "+CSMS:",
        repeatability: .repeatable(tries: 2)
    )
    package static let registrationReports = ATCommand(
        "AT+CREG=2",
        repeatability: .repeatable(tries: 2)
    )
    package static let registration = query("AT+CREG?", prefix: "+CREG:", timeout: .seconds(10))
    package static let signal = query("AT+CSQ", prefix: "+CSQ:", timeout: .seconds(5))
    package static let storageUsage = query("AT+CPMS?", prefix: "+CPMS:", timeout: .seconds(60))

    /// Uses one storage for reading, writing and receiving.
    ///
    /// The storage has the short name of 3GPP 27.005 §2.2.2, such as `SM`.
    package static func selectStorage(_ storage: String) -> ATCommand {
        ATCommand(
            "AT+CPMS=\"\(storage)\",\"\(storage)\",\"\(storage)\"",
            informationPrefix: "+CPMS:",
            resultTimeout: .seconds(60),
            repeatability: .repeatable(tries: 2)
        )
    }

    /// How the modem announces messages, best first; a modem refuses what it does not know.
    ///
    /// Incoming messages are always stored and announced (`+CMTI`), since a direct `+CMT` that
    /// is lost on the line is lost for ever. Status reports come directly where possible: some
    /// modems store them where they cannot be read. Some accept only mode 1, some only
    /// stored reports (3GPP 27.005 §3.4.1).
    package enum NewMessageRouting: String, CaseIterable, Sendable {
        case directReports = "2,1,0,1,0"
        case storedReports = "2,1,0,2,0"
        case noReports = "2,1,0,0,0"
        case directReportsWithoutBuffer = "1,1,0,1,0"
        case noReportsWithoutBuffer = "1,1,0,0,0"
    }

    package static func newMessageIndications(_ routing: NewMessageRouting) -> ATCommand {
        ATCommand("AT+CNMI=\(routing.rawValue)", repeatability: .repeatable(tries: 2))
    }

    /// Which messages `+CMGL` lists (3GPP 27.005 §4.1).
    package enum ListedMessages: Int, Sendable {
        case unread = 0
        case read = 1
        case all = 4
    }

    package static func listMessages(_ listed: ListedMessages) -> ATCommand {
        ATCommand(
            "AT+CMGL=\(listed.rawValue)",
            informationPrefix: "+CMGL:",
            informationHasBody: true,
            resultTimeout: .seconds(60),
            repeatability: .repeatable(tries: 2)
        )
    }

    /// Reads one stored message; an empty place may answer `OK` alone.
    ///
    /// The first place of a storage is 0 or 1, by card.
    package static func readMessage(_ index: Int) -> ATCommand {
        ATCommand(
            "AT+CMGR=\(index)",
            informationPrefix: "+CMGR:",
            informationHasBody: true,
            resultTimeout: .seconds(10),
            repeatability: .repeatable(tries: 2)
        )
    }

    /// Deletes one stored message, once.
    ///
    /// A repeat could delete another message that has taken the place meanwhile.
    package static func deleteMessage(_ index: Int) -> ATCommand {
        ATCommand("AT+CMGD=\(index)", resultTimeout: .seconds(10), repeatability: .once)
    }

    /// Submits a message in PDU mode (3GPP 27.005 §4.3).
    ///
    /// The length counts the octets of the TPDU without the service centre's address.
    package static func sendMessage(tpduLength: Int) -> ATCommand {
        ATCommand(
            "AT+CMGS=\(tpduLength)",
            informationPrefix: MessageReference.prefix,
            proof: .messageReference,
            resultTimeout: .seconds(120),
            promptTimeout: .seconds(10),
            repeatability: .once
        )
    }

    private static func identity(_ line: String) -> ATCommand {
        ATCommand(
            line,
            proof: .information,
            resultTimeout: .seconds(10),
            repeatability: .repeatable(tries: 2)
        )
    }

    private static func query(_ line: String, prefix: String, timeout: Duration) -> ATCommand {
        ATCommand(
            line,
            informationPrefix: prefix,
            proof: .information,
            resultTimeout: timeout,
            repeatability: .repeatable(tries: 2)
        )
    }
}
