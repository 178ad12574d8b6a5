import Recharge
import SMSCodec
import Simulation
import Testing

/// A world in virtual time: opens every port at once and keeps what was said and charged.
struct VirtualWorld {
    var world: SimulatedWorld
    private(set) var now = Timestamp(milliseconds: 1_795_000_000_000)
    private(set) var ledger: [LedgerEntry] = []
    private(set) var closed: [Int] = []
    private var said: [Int: [UInt8]] = [:]

    init(count: Int = 1, seed: UInt64 = 7, capacity: Int = 30) {
        var settings = SimulatedWorld.Settings()
        settings.seed = seed
        settings.storageCapacity = capacity
        let centre = RechargeCentre(
            initialFloat: Amount(minorUnits: 1_000_000, currency: .renminbi),
            initialPIN: PIN("123456")
        )
        world = SimulatedWorld(settings: settings, centre: centre, startingAt: now)
        if count > 0 { feed(.told(FaultScript.Line(.add(count)))) }
    }

    mutating func feed(_ event: SimulatedWorld.Event) {
        for action in world.handle(event, at: now) {
            switch action {
            case .openPort(let index): feed(.portOpened(index))
            case .closePort(let index): closed.append(index)
            case .send(let index, let bytes): said[index, default: []] += bytes
            case .record(let entry): ledger.append(entry)
            case .suffered: break
            }
        }
    }

    /// Turns switches, one per line.
    mutating func tell(_ text: String) throws {
        for line in try FaultScript(parsing: text).lines {
            try #require(world.problem(with: line) == nil)
            feed(.told(line))
        }
    }

    /// Lets time pass, stopping wherever something is due.
    mutating func pass(_ duration: Duration) {
        let end = now.advanced(by: duration)
        while let due = world.nextDue, due <= end {
            now = max(now, due)
            feed(.timePassed)
        }
        now = end
    }

    /// Types and returns what was said since the last call, line ends as `|`.
    @discardableResult
    mutating func type(_ text: String, to index: Int = 1) -> String {
        feed(.received(index, Array(text.utf8)))
        return hear(index)
    }

    @discardableResult
    mutating func hear(_ index: Int = 1) -> String {
        let bytes = said.removeValue(forKey: index) ?? []
        return String(decoding: bytes, as: UTF8.self)
            .replacing("\r\n", with: "|").replacing("\r", with: "^").replacing("\u{1A}", with: "~")
    }

    /// Sends a text in PDU mode and returns what the modem said after the payload.
    @discardableResult
    mutating func send(
        _ text: String,
        to number: String = "10086",
        from index: Int = 1,
        validity: ValidityPeriod? = nil,
        report: Bool = false
    ) throws -> String {
        type("AT+CMGF=0\r", to: index)
        let frame = PDUFrame(
            tpdu: .submit(
                SMSSubmit(
                    to: try SMSAddress(number: number),
                    userData: try UserData(text: text),
                    validity: validity,
                    requestStatusReport: report
                )
            )
        )
        type("AT+CMGS=\(frame.tpduLength)\r", to: index)
        return type(frame.hex + "\u{1A}", to: index)
    }

    /// The texts on a SIM, read in PDU mode, each part by itself.
    mutating func inbox(_ index: Int = 1) throws -> [String] {
        try tpdus(index).map { tpdu in
            guard case .deliver(let deliver) = tpdu else { return "report" }
            return try deliver.originator.value + ": " + deliver.userData.text()
        }
    }

    /// The texts on a SIM, parts joined to those that came just before.
    mutating func messages(_ index: Int = 1) throws -> [(sender: String, text: String)] {
        var messages: [(sender: String, text: String)] = []
        for tpdu in try tpdus(index) {
            guard case .deliver(let deliver) = tpdu else { continue }
            let text = try deliver.userData.text()
            if (deliver.userData.concatenation?.number ?? 1) > 1 {
                messages[messages.count - 1].text += text
            } else {
                messages.append((deliver.originator.value, text))
            }
        }
        return messages
    }

    private mutating func tpdus(_ index: Int) throws -> [TPDU] {
        type("ATE0;+CMGF=0\r", to: index)
        return try type("AT+CMGL=4\r", to: index).split(separator: "|")
            .filter { $0.hasPrefix("08") }
            .map { try PDUFrame(hex: String($0), direction: .mobileTerminated).tpdu }
    }
}
