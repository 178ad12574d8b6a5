/// A result code that refuses a command.
package enum ATError: Hashable, Sendable {
    /// `ERROR`: no reason given.
    case unspecified
    /// `+CME ERROR: <n>` (3GPP 27.007 §9.2).
    case equipment(Int)
    /// `+CMS ERROR: <n>` (3GPP 27.005 §3.2.5).
    case messageService(Int)
    /// An error in words, of a modem that does not give numbers.
    case worded(String)
    /// `COMMAND NOT SUPPORT` and its like.
    case unsupported
    /// The end of a call: `NO CARRIER`, `BUSY`, `NO ANSWER`, `NO DIALTONE`.
    case call(String)

    /// What an error proves about a payload that was already committed.
    ///
    /// Before the commit point every error is a refusal and this question does not arise.
    package enum Certainty: Hashable, Sendable {
        /// The message was not accepted and cannot arrive later.
        case definiteRefusal
        /// The network did not accept this copy: a modem may have sent one before it.
        case refusalOfThisCopy
        /// The message may have left.
        case ambiguous
    }

    /// A condition of the SIM that concerns every command.
    package enum SIMFault: Hashable, Sendable {
        /// Absent, locked or broken.
        case unusable
        /// No room for another message: replies stop coming.
        case memoryFull
    }
}

extension ATError {
    /// Whether the error, following a committed payload, proves that nothing was sent.
    ///
    /// Definite are only refusals of the request itself, which cannot become true while the
    /// message is under way:
    ///
    /// - +CMS 301 to 305: service reserved, not allowed, not supported, invalid parameter.
    ///   +CMS 330: no service centre to send to.
    /// - +CME 3, 4, 24 to 27, 50: not allowed, not supported, malformed.
    ///
    /// Definite for the copy that they answer are +CMS 1, 8, 10, 28, 29, 30, 50: the network
    /// refuses this subscriber, number or service (3GPP 24.011 annex E-2). Between two copies that
    /// may change, when the first one spent the last credit.
    ///
    /// Ambiguous is all else, in particular: 21 and 197, which may reject the duplicate that a
    /// lost acknowledgement made the modem repeat; 27, 38, 41, 42, 47, 331, 332, where the
    /// network or the radio failed at an unknown moment; 310 to 318, since a card that loses
    /// contact after the message left is reported so (a card known to be missing or locked is
    /// refused before the prompt); 320 to 322, which may concern the copy kept after sending;
    /// 300, 500, makers' codes above 511, words, and plain `ERROR`.
    package var certainty: Certainty {
        switch self {
        case .messageService(let code) where Self.networkRefusals.contains(code):
            .refusalOfThisCopy
        case .messageService(let code):
            Self.definiteMessageServiceCodes.contains(code) ? .definiteRefusal : .ambiguous
        case .equipment(let code):
            Self.definiteEquipmentCodes.contains(code) ? .definiteRefusal : .ambiguous
        case .unspecified, .worded, .unsupported, .call:
            .ambiguous
        }
    }

    /// The condition of the SIM that the error tells of, if it does.
    ///
    /// A busy SIM (+CMS 314, +CME 14) is not a fault: it passes.
    package var simFault: SIMFault? {
        switch self {
        case .messageService(310...313), .messageService(315...318): .unusable
        case .equipment(10...13), .equipment(15), .equipment(17...18): .unusable
        case .messageService(322), .equipment(20): .memoryFull
        case .messageService, .equipment, .unspecified, .worded, .unsupported, .call: nil
        }
    }

    private static let networkRefusals: Set<Int> = [1, 8, 10, 28, 29, 30, 50]
    private static let definiteMessageServiceCodes: Set<Int> = [301, 302, 303, 304, 305, 330]
    private static let definiteEquipmentCodes: Set<Int> = [3, 4, 24, 25, 26, 27, 50]
}

extension ATError: CustomStringConvertible {
    /// The result code as the modem would print it.
    package var description: String {
        switch self {
        case .unspecified: "ERROR"
        case .equipment(let code): "+CME ERROR: \(code)"
        case .messageService(let code): "+CMS ERROR: \(code)"
        case .worded: "an error in words"
        case .unsupported: "COMMAND NOT SUPPORT"
        case .call(let text): text
        }
    }
}
