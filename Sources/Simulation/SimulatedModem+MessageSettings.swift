extension SimulatedModem {
    /// The commands of 3GPP 27.005 that set how messages are shown, sent and announced.
    mutating func messageSettingReply(
        to command: ParsedCommand
    ) throws(CommandError) -> CommandReply? {
        switch command.name {
        case "+CMGF": .lines(try messageFormat(command))
        case "+CSMS": .lines(try messageService(command))
        case "+CSCA": .lines(try centreAddress(command))
        case "+CSMP": .lines(try textParameters(command))
        case "+CSDH": .lines(try textHeaders(command))
        case "+CNMI": .lines(try indications(command))
        case "+CMMS": .lines(command.operation == .read ? ["+CMMS: 0"] : [])
        case "+CSCB": .lines(command.operation == .read ? ["+CSCB: 0,\"\",\"\""] : [])
        case "+CNMA": .lines(try acknowledge(command))
        default: nil
        }
    }

    private mutating func messageFormat(
        _ command: ParsedCommand
    ) throws(CommandError) -> [String] {
        switch command.operation {
        case .read: return ["+CMGF: \(settings.isTextMode ? 1 : 0)"]
        case .test: return ["+CMGF: (0,1)"]
        case .set, .execute:
            guard let mode = command.number(0, default: 0), (0...1).contains(mode) else {
                throw .invalidPDUParameter
            }
            settings.isTextMode = mode == 1
            return []
        }
    }

    private mutating func messageService(
        _ command: ParsedCommand
    ) throws(CommandError) -> [String] {
        switch command.operation {
        case .read: return ["+CSMS: \(settings.messageService),1,1,0"]
        case .test: return ["+CSMS: (0,1)"]
        case .set, .execute:
            guard let service = command.number(0, default: 0), (0...1).contains(service) else {
                throw .operationNotAllowed
            }
            settings.messageService = service
            return ["+CSMS: 1,1,0"]
        }
    }

    private mutating func centreAddress(
        _ command: ParsedCommand
    ) throws(CommandError) -> [String] {
        switch command.operation {
        case .read: return ["+CSCA: \(quoted(serviceCentre)),145"]
        case .test: return []
        case .set, .execute:
            guard let address = command.arguments.first.flatMap(plain), !address.isEmpty,
                address.utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
            else { throw .invalidTextParameter }
            serviceCentre = address
            return []
        }
    }

    private mutating func textParameters(
        _ command: ParsedCommand
    ) throws(CommandError) -> [String] {
        let now = settings.textParameters
        switch command.operation {
        case .read:
            return [
                "+CSMP: \(now.firstOctet),\(now.validity),\(now.protocolIdentifier),"
                    + "\(now.codingScheme)"
            ]
        case .test: return []
        case .set, .execute:
            guard let firstOctet = command.number(0, default: now.firstOctet),
                let validity = command.number(1, default: now.validity),
                let identifier = command.number(2, default: now.protocolIdentifier),
                let scheme = command.number(3, default: now.codingScheme)
            else { throw .invalidTextParameter }
            settings.textParameters = ATSettings.TextParameters(
                firstOctet: firstOctet,
                validity: validity,
                protocolIdentifier: identifier,
                codingScheme: scheme
            )
            return []
        }
    }

    private mutating func textHeaders(
        _ command: ParsedCommand
    ) throws(CommandError) -> [String] {
        switch command.operation {
        case .read: return ["+CSDH: \(settings.showsTextHeaders ? 1 : 0)"]
        case .test: return ["+CSDH: (0,1)"]
        case .set, .execute:
            guard let value = command.number(0, default: 0), (0...1).contains(value) else {
                throw .invalidTextParameter
            }
            settings.showsTextHeaders = value == 1
            return []
        }
    }

    private mutating func indications(
        _ command: ParsedCommand
    ) throws(CommandError) -> [String] {
        let now = settings.indications
        switch command.operation {
        case .read:
            return [
                "+CNMI: \(now.mode),\(now.messages),\(now.broadcasts),\(now.reports),\(now.buffer)"
            ]
        case .test: return ["+CNMI: (0-3),(0-3),(0,2),(0-2),(0,1)"]
        case .set, .execute:
            guard let mode = command.number(0, default: 0), (0...3).contains(mode),
                let messages = command.number(1, default: 0), (0...3).contains(messages),
                let broadcasts = command.number(2, default: 0), [0, 2].contains(broadcasts),
                let reports = command.number(3, default: 0), (0...2).contains(reports),
                let buffer = command.number(4, default: 0), (0...1).contains(buffer)
            else { throw .operationNotAllowed }
            settings.indications = ATSettings.Indications(
                mode: mode,
                messages: messages,
                broadcasts: broadcasts,
                reports: reports,
                buffer: buffer
            )
            return []
        }
    }

    private mutating func acknowledge(
        _ command: ParsedCommand
    ) throws(CommandError) -> [String] {
        if command.operation == .test { return [] }
        guard unacknowledged != nil else { throw .message(340) }
        unacknowledged = nil
        actions.append(.ready)
        return []
    }
}
