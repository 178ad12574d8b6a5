extension SimulatedModem {
    /// SIM, registration and signal: always ready, at home and good.
    mutating func networkReply(to command: ParsedCommand) throws(CommandError) -> [String]? {
        switch (command.name, command.operation) {
        case ("+CPIN", .read): ["+CPIN: READY"]
        case ("+CPIN", .test): []
        case ("+CPIN", .set): throw .equipment(3)
        case ("+CFUN", .read): ["+CFUN: 1"]
        case ("+CFUN", .test): ["+CFUN: (0,1,4),(0,1)"]
        case ("+CFUN", .set): try setFunctionality(command)
        case ("+CSQ", .execute): ["+CSQ: 24,99"]
        case ("+CSQ", .test): ["+CSQ: (0-31,99),(0-7,99)"]
        case ("+CBC", .execute): ["+CBC: 0,100"]
        case ("+CBC", .test): ["+CBC: (0-3),(0-100)"]
        case ("+CPAS", .execute): ["+CPAS: 0"]
        case ("+CPAS", .test): ["+CPAS: (0,3,4)"]
        case ("+CREG", _), ("+CGREG", _), ("+CEREG", _): try registration(command)
        case ("+COPS", _): try operatorReply(command)
        default: nil
        }
    }

    private mutating func setFunctionality(
        _ command: ParsedCommand
    ) throws(CommandError) -> [String] {
        guard let level = command.number(0), [0, 1, 4].contains(level) else {
            throw .incorrectParameters
        }
        if command.number(1) == 1 { settings = ATSettings() }
        return []
    }

    private mutating func registration(
        _ command: ParsedCommand
    ) throws(CommandError) -> [String] {
        let level = settings.registrationReports[command.name] ?? 0
        switch command.operation {
        case .read:
            let place = level == 2 ? ",\"1001\",\"00A1B2C3\"" : ""
            return ["\(command.name): \(level),1\(place)"]
        case .test:
            return ["\(command.name): (0-2)"]
        case .set, .execute:
            guard let level = command.number(0, default: 0), (0...2).contains(level) else {
                throw .incorrectParameters
            }
            settings.registrationReports[command.name] = level
            return []
        }
    }

    private mutating func operatorReply(
        _ command: ParsedCommand
    ) throws(CommandError) -> [String] {
        switch command.operation {
        case .read:
            let name = ["CHINA MOBILE", "CMCC", "46000"][settings.operatorFormat]
            return ["+COPS: \(settings.operatorMode),\(settings.operatorFormat),\(quoted(name))"]
        case .test:
            let names = ["CHINA MOBILE", "CMCC", "46000"].map { quoted($0) }.joined(separator: ",")
            return ["+COPS: (2,\(names)),,(0-4),(0-2)"]
        case .set:
            guard let mode = command.number(0, default: 0), (0...4).contains(mode),
                let format = command.number(1, default: settings.operatorFormat),
                (0...2).contains(format)
            else { throw .incorrectParameters }
            settings.operatorFormat = format
            if mode != 3 { settings.operatorMode = mode }
            return []
        case .execute:
            throw .incorrectParameters
        }
    }

    /// Settings of 27.007 and V.250 that other programs set and ask for.
    mutating func settingReply(to command: ParsedCommand) throws(CommandError) -> [String]? {
        switch (command.name, command.operation) {
        case ("+CMEE", .read): return ["+CMEE: \(settings.errorLevel)"]
        case ("+CMEE", .test): return ["+CMEE: (0-2)"]
        case ("+CMEE", .set):
            guard let level = command.number(0), (0...2).contains(level) else {
                throw .incorrectParameters
            }
            settings.errorLevel = level
            return []
        case ("+CSCS", .read): return ["+CSCS: \(quoted(settings.characterSet.rawValue))"]
        case ("+CSCS", .test):
            let names = ATSettings.CharacterSet.allCases.map { "\"\($0.rawValue)\"" }
            return ["+CSCS: (\(names.joined(separator: ",")))"]
        case ("+CSCS", .set):
            guard let name = command.arguments.first,
                let set = ATSettings.CharacterSet(rawValue: name)
                    ?? ATSettings.CharacterSet(rawValue: plain(name) ?? "")
            else { throw .incorrectParameters }
            settings.characterSet = set
            return []
        default: return portReply(to: command)
        }
    }

    private func portReply(to command: ParsedCommand) -> [String]? {
        switch (command.name, command.operation) {
        case ("+IFC", .read): ["+IFC: 2,2"]
        case ("+IFC", .test): ["+IFC: (0-2),(0-2)"]
        case ("+ICF", .read): ["+ICF: 3,0"]
        case ("+ICF", .test): ["+ICF: (3),(0)"]
        case ("+IPR", .read): ["+IPR: 0"]
        case ("+IPR", .test): ["+IPR: (),(0,9600,115200)"]
        case ("+IFC", .set), ("+ICF", .set), ("+IPR", .set): []
        default: nil
        }
    }
}
