/// Where the modem stands with the network (3GPP 27.007 §7.2).
package enum RegistrationState: Int, Hashable, Sendable {
    case notRegistered = 0
    case home = 1
    case searching = 2
    case denied = 3
    case unknown = 4
    case roaming = 5
    case homeMessagesOnly = 6
    case roamingMessagesOnly = 7
    case emergencyOnly = 8

    static let prefix = "+CREG:"

    /// Whether messages can be sent.
    package var allowsMessages: Bool {
        switch self {
        case .home, .roaming, .homeMessagesOnly, .roamingMessagesOnly: true
        case .notRegistered, .searching, .denied, .unknown, .emergencyOnly: false
        }
    }

    /// Reads the answer `+CREG: <n>,<stat>[,<lac>,<ci>[,<AcT>]]`; nil if it is none.
    ///
    /// The indication has the location where the answer has the state, so the second value
    /// tells them apart: a state is one or two unquoted digits, a location is quoted or longer.
    package init?(readResponse line: String) {
        guard let fields = ResponseFields(line, prefix: Self.prefix),
            let state = fields[1], state.text.utf8.count <= 2, let number = state.number
        else { return nil }
        self = RegistrationState(rawValue: number) ?? .unknown
    }

    /// Reads the indication `+CREG: <stat>[,<lac>,<ci>[,<AcT>]]`; nil if it does not parse.
    package init?(indication line: String) {
        guard Self(readResponse: line) == nil,
            let fields = ResponseFields(line, prefix: Self.prefix), let number = fields[0]?.number
        else { return nil }
        self = RegistrationState(rawValue: number) ?? .unknown
    }
}
