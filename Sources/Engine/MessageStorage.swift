/// Where a modem keeps the messages that come in.
struct MessageStorage: Hashable, Sendable {
    /// Whether it is the modem's own, so that messages of another card may lie in it.
    var isOfModem = false
    /// How many messages it holds; nil where the modem does not say.
    var capacity: Int?
}
