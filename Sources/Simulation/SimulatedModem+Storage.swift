import SMSCodec

extension SimulatedModem {
    mutating func storageReply(to command: ParsedCommand) throws(CommandError) -> CommandReply? {
        switch (command.name, command.operation) {
        case ("+CPMS", _): .lines(try preferredStorage(command))
        case ("+CMGR", .set): .lines(try read(command))
        case ("+CMGR", .test): .lines([])
        case ("+CMGL", .set), ("+CMGL", .execute): .lines(try list(command))
        case ("+CMGL", .test):
            .lines([
                settings.isTextMode
                    ? "+CMGL: (\"REC UNREAD\",\"REC READ\",\"STO UNSENT\",\"STO SENT\",\"ALL\")"
                    : "+CMGL: (0-4)"
            ])
        case ("+CMGD", .set): .lines(try delete(command))
        case ("+CMGD", .test):
            .lines(["+CMGD: (\(indexes.map(String.init).joined(separator: ","))),(0-4)"])
        default: nil
        }
    }

    private var indexes: [Int] { storage.messages.keys.sorted() }

    private func preferredStorage(_ command: ParsedCommand) throws(CommandError) -> [String] {
        let use = "\(storage.count),\(storage.capacity)"
        switch command.operation {
        case .test: return ["+CPMS: (\"SM\"),(\"SM\"),(\"SM\")"]
        case .read:
            let memory = "\(quoted("SM")),\(use)"
            return ["+CPMS: \(memory),\(memory),\(memory)"]
        case .set, .execute:
            guard command.arguments.allSatisfy({ plain($0) == "SM" || $0 == "SM" }) else {
                throw .operationNotAllowed
            }
            return ["+CPMS: \(use),\(use),\(use)"]
        }
    }

    private mutating func read(_ command: ParsedCommand) throws(CommandError) -> [String] {
        guard let index = command.number(0), let message = storage[index] else {
            throw .invalidIndex
        }
        let line = try show(message, prefix: "+CMGR: ")
        storage.markRead(index)
        return [line]
    }

    private mutating func list(_ command: ParsedCommand) throws(CommandError) -> [String] {
        let wanted = try statuses(command.arguments.first ?? "")
        var lines: [String] = []
        for index in indexes {
            guard let message = storage[index], wanted.contains(message.status) else { continue }
            lines.append(try show(message, prefix: "+CMGL: \(index),"))
            storage.markRead(index)
        }
        return lines
    }

    private func statuses(_ argument: String) throws(CommandError) -> Set<StoredMessage.Status> {
        let all = Set(StoredMessage.Status.allCases)
        if settings.isTextMode {
            let word = plain(argument) ?? argument
            if word == "ALL" { return all }
            if word.isEmpty { return [.receivedUnread] }
            guard let status = all.first(where: { $0.words == word }) else {
                throw .invalidTextParameter
            }
            return [status]
        }
        guard let number = argument.isEmpty ? 0 : Int(argument), (0...4).contains(number) else {
            throw .invalidPDUParameter
        }
        return StoredMessage.Status(rawValue: number).map { [$0] } ?? all
    }

    private func show(
        _ message: StoredMessage,
        prefix: String
    ) throws(CommandError) -> String {
        guard settings.isTextMode else {
            return "\(prefix)\(message.status.rawValue),,\(message.tpduLength)\r\n\(message.pdu)"
        }
        guard let fields = textMode(message) else { throw .message(320) }
        let head = "\(prefix)\(quoted(message.status.words)),\(fields.header)"
        return fields.text.map { "\(head)\r\n\($0)" } ?? head
    }

    private mutating func delete(_ command: ParsedCommand) throws(CommandError) -> [String] {
        guard let index = command.number(0), let flag = command.number(1, default: 0) else {
            throw .invalidIndex
        }
        switch flag {
        case 0:
            // An empty slot is as good as a cleared one; many modems see it so.
            guard storage.isIndex(index) else { throw .invalidIndex }
            storage.remove(index)
        case 1: storage.removeAll([.receivedRead])
        case 2: storage.removeAll([.receivedRead, .storedSent])
        case 3: storage.removeAll([.receivedRead, .storedSent, .storedUnsent])
        case 4: storage.removeAll(Set(StoredMessage.Status.allCases))
        default: throw .operationNotAllowed
        }
        actions.append(.ready)
        return []
    }
}

extension SimulatedModem {
    /// Takes a message from the network to where `+CNMI` routes it, or leaves it there.
    mutating func receive(_ message: TPDU) {
        guard isPlugged else { return actions.append(.refused(message)) }
        switch message {
        case .deliver(let deliver): receive(deliver)
        case .statusReport: receiveReport(message)
        case .submit: break
        }
    }

    private mutating func receive(_ deliver: SMSDeliver) {
        let message = TPDU.deliver(deliver)
        if isUnpluggedByAnswer {
            actions.append(.refused(message))
            return pullPlug(.beforeReply)
        }
        let isImmediate = deliver.userData.codingScheme.messageClass == .immediate
        switch settings.indications.messages {
        case 2: deliverDirectly(message)
        case 3 where isImmediate: deliverDirectly(message)
        case 0: store(message, announcing: nil)
        default: store(message, announcing: "+CMTI")
        }
    }

    private mutating func receiveReport(_ message: TPDU) {
        switch settings.indications.reports {
        case 1: deliverDirectly(message)
        case 2: store(message, announcing: "+CDSI")
        default: break
        }
    }

    private mutating func store(_ message: TPDU, announcing name: String?) {
        let frame = frame(message)
        let stored = StoredMessage(
            status: .receivedUnread,
            pdu: frame.hex,
            tpduLength: frame.tpduLength
        )
        guard let index = storage.store(stored) else {
            return actions.append(.refused(message))
        }
        if let name, settings.indications.mode > 0 { indicate("\(name): \"SM\",\(index)") }
    }

    /// With `+CSMS=1` the next one comes only after `+CNMA` (3GPP 27.005 §3.4.4).
    private mutating func deliverDirectly(_ message: TPDU) {
        guard unacknowledged == nil else { return actions.append(.refused(message)) }
        indicate(directIndication(message))
        guard settings.messageService == 1 else { return }
        unacknowledged = message
        arm(.acknowledgement, after: .seconds(15))
    }

    /// The network keeps the message, and nothing is routed directly until `+CNMI` asks again.
    mutating func missAcknowledgement() {
        guard let message = unacknowledged else { return }
        unacknowledged = nil
        settings.indications.messages = 0
        settings.indications.reports = 0
        actions.append(.refused(message))
        actions.append(.ready)
    }
}
