/// One information element of a user-data header, verbatim (3GPP 23.040 §9.2.3.24).
///
/// Elements that nobody here understands are kept as they came.
package struct HeaderElement: Hashable, Sendable {
    package let identifier: UInt8
    package let content: [UInt8]

    package init(identifier: UInt8, content: [UInt8]) {
        self.identifier = identifier
        self.content = content
    }

    var encodedCount: Int { 2 + content.count }
}

extension HeaderElement {
    /// Reads the header at the start of user data, whose indices are the octets of the PDU.
    ///
    /// ```
    /// UDHL | identifier length content… | identifier length content… | payload
    /// ```
    static func decodeHeader(_ userData: ArraySlice<UInt8>) throws(PDUError) -> [HeaderElement] {
        guard let length = userData.first else {
            throw .decoding(
                .userDataHeader,
                at: userData.startIndex,
                .truncated(announced: 1, left: 0)
            )
        }
        let header = userData.dropFirst().prefix(Int(length))
        guard header.count == Int(length) else {
            throw .decoding(
                .userDataHeader,
                at: header.startIndex,
                .truncated(announced: Int(length), left: header.count)
            )
        }
        var elements: [HeaderElement] = []
        var rest = header
        while let identifier = rest.popFirst() {
            guard let size = rest.popFirst() else {
                throw .decoding(
                    .userDataHeader,
                    at: rest.startIndex,
                    .truncated(announced: 1, left: 0)
                )
            }
            let content = rest.prefix(Int(size))
            guard content.count == Int(size) else {
                throw .decoding(
                    .userDataHeader,
                    at: rest.startIndex,
                    .truncated(announced: Int(size), left: content.count)
                )
            }
            rest = rest.dropFirst(content.count)
            elements.append(HeaderElement(identifier: identifier, content: Array(content)))
        }
        return elements
    }

    /// The octets that a header of these elements takes, its length octet included.
    static func headerCount(_ elements: [HeaderElement]) -> Int {
        elements.isEmpty ? 0 : elements.reduce(1) { $0 + $1.encodedCount }
    }

    /// Appends the header, or nothing when there are no elements.
    static func appendHeader(_ elements: [HeaderElement], to octets: inout [UInt8]) {
        guard !elements.isEmpty else { return }
        octets.append(UInt8(truncatingIfNeeded: headerCount(elements) - 1))
        for element in elements {
            octets.append(element.identifier)
            octets.append(UInt8(truncatingIfNeeded: element.content.count))
            octets.append(contentsOf: element.content)
        }
    }
}
