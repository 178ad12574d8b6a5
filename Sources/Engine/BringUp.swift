import ATProtocol
import Recharge

/// The dialogue that turns an unknown port into a transceiver ready to work.
///
/// It only asks and configures: nothing in it can send, dial or spend. Required steps that are
/// refused end it with a reason that names the cure; the others are passed over, since families of
/// modems differ in what they know.
struct BringUp: Hashable, Sendable {
    /// The steps in their order.
    enum Step: Int, Hashable, Sendable {
        case attention
        case echoOff
        case numericErrors
        case pinState
        case iccid
        case imsi
        case imei
        case manufacturer
        case model
        case revision
        case messageService
        case pduMode
        case storage
        case routing
        case registrationReports
    }

    /// What follows an answer.
    enum Progress: Hashable, Sendable {
        /// `BringUp/command` comes next, once the channel is idle.
        case ask
        case ready(Transceiver)
        case failed(String)
    }

    private(set) var step = Step.attention
    /// Which variant of a step is tried, where a step has several.
    private var rung = 0
    private var iccid: ICCID?
    private var imsi: IMSI?
    private var imei: IMEI?
    private var manufacturer: String?
    private var model: String?
    private var revision: String?

    private static let storages = ["SM", "ME"]
    private static let routings = ATCommand.NewMessageRouting.allCases

    /// How this modem is asked for its card's number.
    private(set) var identityCommand = ATCommand.iccidLadder[0]

    private(set) var storage = MessageStorage()

    /// Whether the SIM is known; another one would not be noticed any more.
    var isIdentified: Bool { iccid != nil }

    var command: ATCommand {
        switch step {
        case .attention: .attention
        case .echoOff: .echoOff
        case .numericErrors: .numericErrors
        case .pinState: .pinState
        case .iccid: ATCommand.iccidLadder[rung]
        case .imsi: .imsi
        case .imei: .imei
        case .manufacturer: .manufacturer
        case .model: .model
        case .revision: .revision
        case .messageService: .messageService
        case .pduMode: .pduMode
        case .storage: .selectStorage(BringUp.storages[rung])
        case .routing: .newMessageIndications(BringUp.routings[rung])
        case .registrationReports: .registrationReports
        }
    }

    /// Takes the answer to `command`.
    mutating func answered(_ result: ATResult) -> Progress {
        switch result {
        case .ok(let lines): accepted(lines)
        case .refused(let error, _):
            refused(String(describing: error), hasSIM: error.simFault == nil)
        case .garbled(_, let reason): refused(reason, hasSIM: true)
        case .timedOut, .closed, .notSent:
            .failed("\(command): \(result). No modem answers here, or at another speed.")
        }
    }

    private mutating func accepted(_ lines: [String]) -> Progress {
        switch step {
        case .pinState:
            guard lines.contains(where: { SIMState($0) == .ready }) else {
                return .failed(
                    "AT+CPIN?: the SIM asks for a code. Switch its card PIN off in a telephone."
                )
            }
        case .iccid:
            guard let found = IdentityResponse.iccid(lines).flatMap({ ICCID($0) }) else {
                return nextRung(of: ATCommand.iccidLadder.count, "no ICCID")
            }
            iccid = found
            identityCommand = command
        case .imsi: imsi = IdentityResponse.imsi(lines).flatMap { IMSI($0) }
        case .imei: imei = IdentityResponse.imei(lines).flatMap { IMEI($0) }
        case .manufacturer: manufacturer = IdentityResponse.words(lines).map(BringUp.bounded)
        case .model: model = IdentityResponse.words(lines).map(BringUp.bounded)
        case .revision: revision = IdentityResponse.words(lines).map(BringUp.bounded)
        case .storage:
            let capacity = lines.lazy.compactMap { StorageUsage($0) }.first?.total
            guard capacity != 0 else {
                return nextRung(of: BringUp.storages.count, "no room for messages")
            }
            storage = MessageStorage(
                isOfModem: BringUp.storages[rung] != BringUp.storages[0],
                capacity: capacity
            )
        case .attention, .echoOff, .numericErrors, .messageService, .pduMode, .routing,
            .registrationReports:
            break
        }
        return advance()
    }

    private mutating func refused(_ cause: String, hasSIM: Bool) -> Progress {
        switch step {
        case .attention, .pduMode:
            return .failed("\(command): \(cause). This is not a modem that sends messages.")
        case .pinState:
            guard hasSIM else {
                return .failed("AT+CPIN?: \(cause). There is no SIM, or it makes no contact.")
            }
            return .failed("AT+CPIN?: \(cause). The SIM is not ready yet.")
        case .iccid: return nextRung(of: ATCommand.iccidLadder.count, cause)
        case .storage: return nextRung(of: BringUp.storages.count, cause)
        case .routing: return nextRung(of: BringUp.routings.count, cause)
        case .echoOff, .numericErrors, .imsi, .imei, .manufacturer, .model, .revision,
            .messageService, .registrationReports:
            return advance()
        }
    }

    private mutating func nextRung(of count: Int, _ cause: String) -> Progress {
        let failed = command
        rung += 1
        guard rung < count else {
            return .failed("\(failed): \(cause). The modem offers no way that is known here.")
        }
        return .ask
    }

    private mutating func advance() -> Progress {
        rung = 0
        if let next = Step(rawValue: step.rawValue + 1) {
            step = next
            return .ask
        }
        guard let iccid else { return .failed("AT+CCID: the SIM shows no usable ICCID.") }
        var transceiver = Transceiver(iccid: iccid, imsi: imsi, imei: imei)
        transceiver.manufacturer = manufacturer
        transceiver.model = model
        transceiver.revision = revision
        return .ready(transceiver)
    }

    private static func bounded(_ words: String) -> String {
        String(words.prefix(64))
    }
}
