import SMSCodec

/// What a command brings about.
enum CommandReply: Hashable, Sendable {
    /// Information lines; `OK` follows the last command of the line.
    case lines([String])
    case prompt(Draft)
    case sending(Draft, SMSSubmit)
    /// Nobody answers the phone here.
    case noCarrier
}
