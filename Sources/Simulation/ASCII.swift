/// The control characters that a modem acts upon.
enum ASCII {
    static let backspace: UInt8 = 0x08
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let controlZ: UInt8 = 0x1A
    static let escape: UInt8 = 0x1B
}
