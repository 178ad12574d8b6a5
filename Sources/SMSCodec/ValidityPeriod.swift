/// How long a service centre keeps trying to deliver a message (3GPP 23.040 §9.2.3.12).
package enum ValidityPeriod: Hashable, Sendable {
    /// One octet, counted from the arrival at the service centre.
    case relative(UInt8)
    /// Until a moment.
    case absolute(ServiceCentreTimestamp)
    /// The seven octets of the enhanced format, verbatim (3GPP 23.040 §9.2.3.12.3).
    case enhanced(SevenOctets)

    /// The shortest relative period that is not shorter than `duration`.
    ///
    /// Rounded up to the next step between 5 minutes and 63 weeks; what is longer becomes 63 weeks.
    package static func relative(atLeast duration: Duration) -> ValidityPeriod {
        let step = (UInt8.min...UInt8.max).first { seconds(ofRelative: $0) >= duration }
        return .relative(step ?? UInt8.max)
    }

    /// The shortest period that is not shorter than `duration`, in seconds where that is finer.
    ///
    /// Up to 255 seconds it uses the enhanced format (3GPP 23.040 §9.2.3.12.3), since the relative
    /// one begins at five minutes.
    package static func lasting(atLeast duration: Duration) -> ValidityPeriod {
        let whole = duration.components.seconds + (duration.components.attoseconds > 0 ? 1 : 0)
        guard let seconds = UInt8(exactly: whole), seconds > 0 else {
            return .relative(atLeast: duration)
        }
        return .enhanced(SevenOctets([secondsIndicator, seconds]))
    }

    /// The length of a period, nil for an absolute one and for enhanced ones in other units.
    package var duration: Duration? {
        switch self {
        case .relative(let octet): Self.seconds(ofRelative: octet)
        case .enhanced(let octets) where octets[0] == Self.secondsIndicator:
            .seconds(Int(octets[1]))
        case .absolute, .enhanced: nil
        }
    }

    /// The functionality indicator that announces one octet of seconds.
    private static let secondsIndicator: UInt8 = 0b010

    private static func seconds(ofRelative octet: UInt8) -> Duration {
        let value = Int(octet)
        return switch value {
        case ...143: .seconds((value + 1) * 300)
        case ...167: .seconds(12 * 3600 + (value - 143) * 1800)
        case ...196: .seconds((value - 166) * 86_400)
        default: .seconds((value - 192) * 7 * 86_400)
        }
    }
}

extension ValidityPeriod {
    /// Reads the field in the format that bits 4 and 3 of the first octet announce.
    static func decode(
        _ reader: inout PDUReader,
        firstOctet: UInt8
    ) throws(PDUError) -> ValidityPeriod? {
        switch firstOctet >> 3 & 0b11 {
        case 0b10:
            .relative(try reader.octet(.validityPeriod))
        case 0b01:
            .enhanced(try reader.sevenOctets(.validityPeriod))
        case 0b11:
            .absolute(ServiceCentreTimestamp(octets: try reader.sevenOctets(.validityPeriod)))
        default:
            nil
        }
    }

    /// TP-Validity-Period-Format at its place in the first octet.
    var formatBits: UInt8 {
        switch self {
        case .relative: 0b10 << 3
        case .enhanced: 0b01 << 3
        case .absolute: 0b11 << 3
        }
    }

    func append(to octets: inout [UInt8]) {
        switch self {
        case .relative(let octet): octets.append(octet)
        case .absolute(let timestamp): timestamp.octets.append(to: &octets)
        case .enhanced(let seven): seven.append(to: &octets)
        }
    }
}
