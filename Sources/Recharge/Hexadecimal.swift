extension Sequence<UInt8> {
    /// Two small hexadecimal digits for each octet, as `sha256sum` prints them.
    package var hexadecimal: String {
        reduce(into: "") { text, octet in
            text += octet < 16 ? "0" : ""
            text += String(octet, radix: 16)
        }
    }
}
