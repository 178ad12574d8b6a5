/// Which port of one transceiver to try first: a modem shows several, and one or two of them answer
/// AT commands.
///
/// The order is a guess from what is known of vendors; only an `OK` to `AT` proves a port.
package enum ATPortChoice {
    /// All ports of one USB device, the likeliest AT port first.
    ///
    /// Ports of which the table says nothing follow in the order of their interface numbers, then
    /// those without one, by path.
    package static func preferred(among ports: [DiscoveredPort]) -> [DiscoveredPort] {
        ports.map { (port: $0, key: key($0)) }.sorted { $0.key < $1.key }.map(\.port)
    }

    private typealias Key = (rank: Int, number: Int, path: String)

    private static func key(_ port: DiscoveredPort) -> Key {
        guard let interface = port.interface else { return (Int.max, Int.max, port.path) }
        return (rank(port, interface) ?? Int.max - 1, Int(interface.number), port.path)
    }

    /// The place in the table; nil for a port that it does not name.
    private static func rank(
        _ port: DiscoveredPort,
        _ interface: DiscoveredPort.USBInterface
    ) -> Int? {
        let numbers: [UInt8]
        switch (port.vendorID, port.productID) {
        case (0x12D1, _): return rankHuawei(interface)
        case (0x2C7C, _): numbers = [2, 3]  // Quectel; 0 is diagnostics, 1 is GPS
        case (0x1E0E, 0x9001), (0x1E0E, 0x9205), (0x1E0E, 0x9206): numbers = [2, 3]  // SIMCom
        case (0x1E0E, 0x9100), (0x1E0E, 0x9200): numbers = [3]
        case (0x1E0E, 0x9011): numbers = [4]
        case (0x1E0E, 0xCEFE): numbers = [2]
        case (0x19D2, _): numbers = [3, 2, 0, 4, 1, 5]  // ZTE, the most frequent first
        case (0x1BC7, _): numbers = [1, 2, 4, 3, 5, 0, 6]  // Telit, the most frequent first
        case (0x1199, _): numbers = [3, 0]  // Sierra
        case (0x1E2D, _): numbers = [0, 2]  // Cinterion
        case (0x1546, 0x1102): numbers = [0, 2]  // u-blox; 0 is the modem, 2 the auxiliary port
        case (_, _): return nil
        }
        return numbers.firstIndex(of: interface.number)
    }

    /// Huawei tells its functions apart by subclass and protocol, and moves the numbers about.
    private static func rankHuawei(_ interface: DiscoveredPort.USBInterface) -> Int? {
        switch (interface.classCode, interface.subclassCode, interface.protocolCode) {
        case (0xFF, 0x01, 0x02), (0xFF, 0x02, 0x02), (0xFF, 0x01, 0x32): 0  // PC UI: plain AT
        case (0xFF, 0x01, 0x01), (0xFF, 0x02, 0x01), (0xFF, 0x01, 0x31): 1  // modem: AT and PPP
        // Older sticks say nothing: 0 is the modem, and one of those after it the PC UI.
        case (0xFF, 0xFF, 0xFF): interface.number == 0 ? 10 : Int(interface.number)
        case (_, _, _): nil
        }
    }
}
