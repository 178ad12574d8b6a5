/// Why a modem refuses a command.
enum CommandError: Error, Hashable, Sendable {
    /// `ERROR` at every level of `+CMEE`.
    case plain
    /// `+CME ERROR` (3GPP 27.007 §9.2), or `ERROR` at `+CMEE=0`.
    case equipment(Int)
    /// `+CMS ERROR` (3GPP 27.005 §3.2.5), whatever `+CMEE` says but for its words.
    case message(Int)

    static let notSupported = CommandError.equipment(4)
    static let incorrectParameters = CommandError.equipment(50)
    static let unknownCommand = CommandError.equipment(100)
    static let invalidPDUParameter = CommandError.message(304)
    static let invalidTextParameter = CommandError.message(305)
    static let operationNotAllowed = CommandError.message(302)
    static let invalidIndex = CommandError.message(321)
    static let memoryFull = CommandError.message(322)

    /// The final result line at a level of `+CMEE`.
    func line(level: Int) -> String {
        switch self {
        case .plain: "ERROR"
        case .equipment(let code):
            switch level {
            case 0: "ERROR"
            case 1: "+CME ERROR: \(code)"
            default: "+CME ERROR: \(Self.equipmentWords[code] ?? "unknown")"
            }
        case .message(let code):
            "+CMS ERROR: \(level == 2 ? Self.messageWords[code] ?? "unknown error" : String(code))"
        }
    }

    private static let equipmentWords = [
        3: "operation not allowed", 4: "operation not supported", 10: "SIM not inserted",
        14: "SIM busy", 16: "incorrect password", 30: "no network service",
        50: "incorrect parameters", 100: "unknown",
    ]

    private static let messageWords = [
        1: "Unassigned (unallocated) number", 8: "Operator determined barring",
        21: "Short message transfer rejected", 27: "Destination out of service",
        28: "Unidentified subscriber", 29: "Facility rejected", 30: "Unknown subscriber",
        38: "Network out of order", 41: "Temporary failure", 42: "Congestion",
        47: "Resources unavailable, unspecified", 50: "Requested facility not subscribed",
        69: "Requested facility not implemented", 300: "ME failure",
        301: "SMS service of ME reserved", 302: "operation not allowed",
        303: "operation not supported", 304: "invalid PDU mode parameter",
        305: "invalid text mode parameter", 310: "SIM not inserted", 314: "SIM busy",
        320: "memory failure", 321: "invalid memory index", 322: "memory full",
        330: "SMSC address unknown", 331: "no network service", 332: "network timeout",
        340: "no +CNMA acknowledgement expected", 500: "unknown error",
    ]
}
