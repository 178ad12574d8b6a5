/// TP-Status, kept as the octet that arrived (3GPP 23.040 §9.2.3.15).
package struct SMSStatus: Hashable, Sendable {
    package let octet: UInt8

    package init(octet: UInt8) {
        self.octet = octet
    }

    package var category: Category {
        switch octet {
        case 0x00: .delivered
        case 0x01...0x1F: .unconfirmed
        case 0x20...0x3F: .trying
        default: .failed
        }
    }

    /// What the octet means to the sender.
    package enum Category: Hashable, Sendable {
        /// The recipient has it (00). Final.
        case delivered
        /// The service centre is done without proof of delivery: forwarded, replaced (01 to 1F).
        case unconfirmed
        /// A temporary error; the service centre is still trying (20 to 3F). Not final.
        case trying
        /// A permanent error, or a temporary one after the last try (40 and above). Final.
        case failed
    }
}
