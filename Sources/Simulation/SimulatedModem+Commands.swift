import Recharge

extension SimulatedModem {
    /// Executes one command; a command that no topic knows is refused.
    mutating func reply(to command: ParsedCommand) throws(CommandError) -> CommandReply {
        if !command.name.hasPrefix("+"), !command.name.hasPrefix("^"), !command.name.hasPrefix("*"),
            !command.name.hasPrefix("$"), !command.name.hasPrefix("#"),
            !command.name.hasPrefix("%")
        {
            return try basicReply(to: command)
        }
        if let reply = try sendingReply(to: command) { return reply }
        if let reply = try storageReply(to: command) { return reply }
        if let reply = try messageSettingReply(to: command) { return reply }
        if let lines = try networkReply(to: command) { return .lines(lines) }
        if let lines = identityReply(to: command) { return .lines(lines) }
        if let lines = try settingReply(to: command) { return .lines(lines) }
        throw .unknownCommand
    }

    private mutating func basicReply(to command: ParsedCommand) throws(CommandError) -> CommandReply
    {
        let value = command.number(0, default: 0) ?? 0
        switch command.name {
        case "E", "V", "Q":
            guard (0...1).contains(value) else { throw .plain }
            if command.name == "E" { settings.echoes = value == 1 }
            if command.name == "V" { settings.isVerbose = value == 1 }
            if command.name == "Q" { settings.isQuiet = value == 1 }
        case "Z", "&F":
            settings = ATSettings()
        case "I":
            return .lines([
                "Manufacturer: \(Self.maker)", "Model: \(Self.model)",
                "Revision: \(Self.revision)", "IMEI: \(identity.imei.digits)", "+GCAP: +CGSM",
            ])
        case "D":
            return .noCarrier
        case "S":
            return .lines(command.operation == .read ? ["000"] : [])
        case "A", "O", "P", "T":
            throw .plain
        default:
            // Lines, speakers and flow control: accepted, and nothing here to change.
            break
        }
        return .lines([])
    }

    /// Who it is; nil for what it does not know.
    private func identityReply(to command: ParsedCommand) -> [String]? {
        switch command.operation {
        case .test: Self.identityCommands.contains(command.name) ? [] : nil
        case .read: command.name == "+CNUM" || command.name == "+CCID" ? identity(command) : nil
        case .execute, .set: identity(command)
        }
    }

    private func identity(_ command: ParsedCommand) -> [String]? {
        switch command.name {
        case "+CGMI", "+GMI": [Self.maker]
        case "+CGMM", "+GMM": [Self.model]
        case "+CGMR", "+GMR": [Self.revision]
        case "+CIMI": [identity.imsi.digits]
        case "+CCID", "+ICCID": ["\(command.name): \(identity.iccid.digits)"]
        case "+CNUM": ["+CNUM: ,\(quoted(identity.number)),145"]
        case "+GCAP": ["+GCAP: +CGSM"]
        case "+CLAC": Self.commandNames
        case "+CGSN", "+GSN":
            switch command.number(0, default: 0) {
            case 0: [identity.imei.digits]
            case 1: ["+CGSN: \"\(identity.imei.digits)\""]
            case 2: ["+CGSN: \"\(identity.imei.digits.dropLast())01\""]
            default: nil
            }
        default: nil
        }
    }

    private static let maker = "Simulated"
    private static let model = "SIM64"
    private static let revision = "1.0"
    private static let identityCommands: Set<String> = [
        "+CGMI", "+GMI", "+CGMM", "+GMM", "+CGMR", "+GMR", "+CIMI", "+CCID", "+CNUM", "+GCAP",
        "+CLAC", "+GSN",
    ]
    private static let commandNames = [
        "&F", "E", "I", "Q", "V", "Z", "+CBC", "+CCID", "+CCLK", "+CEREG", "+CFUN", "+CGMI",
        "+CGMM", "+CGMR", "+CGREG", "+CGSN", "+CIMI", "+CLAC", "+CMEE", "+CMGD", "+CMGF", "+CMGL",
        "+CMGR", "+CMGS", "+CMGW", "+CMMS", "+CMSS", "+CNMA", "+CNMI", "+CNUM", "+COPS", "+CPAS",
        "+CPIN", "+CPMS", "+CREG", "+CSCA", "+CSCS", "+CSDH", "+CSMP", "+CSMS", "+CSQ", "+GCAP",
        "+GMI", "+GMM", "+GMR", "+GSN", "+ICF", "+IFC", "+IPR",
    ]
}
