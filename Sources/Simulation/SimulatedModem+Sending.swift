import SMSCodec

extension SimulatedModem {
    mutating func sendingReply(to command: ParsedCommand) throws(CommandError) -> CommandReply? {
        switch (command.name, command.operation) {
        case ("+CMGS", .set): .prompt(try draft(command, .send))
        case ("+CMGW", .set), ("+CMGW", .execute): .prompt(try storeDraft(command))
        case ("+CMSS", .set): try sendStored(command)
        case ("+CMGS", .test), ("+CMGW", .test), ("+CMSS", .test): .lines([])
        default: nil
        }
    }

    private func draft(
        _ command: ParsedCommand,
        _ purpose: Draft.Purpose
    ) throws(CommandError) -> Draft {
        if settings.isTextMode {
            guard let destination = command.arguments.first.flatMap(plain), !destination.isEmpty
            else { throw .invalidTextParameter }
            return Draft(purpose: purpose, isText: true, destination: destination)
        }
        guard let length = command.number(0), (1...Self.tpduOctetsMax).contains(length) else {
            throw .invalidPDUParameter
        }
        return Draft(purpose: purpose, isText: false, announcedLength: length)
    }

    private func storeDraft(_ command: ParsedCommand) throws(CommandError) -> Draft {
        if settings.isTextMode {
            let destination = command.arguments.first.flatMap(plain) ?? ""
            return Draft(purpose: .store(.storedUnsent), isText: true, destination: destination)
        }
        guard let status = StoredMessage.Status(rawValue: command.number(1, default: 2) ?? -1)
        else { throw .invalidPDUParameter }
        return try draft(command, .store(status))
    }

    private func sendStored(_ command: ParsedCommand) throws(CommandError) -> CommandReply {
        guard let index = command.number(0), let message = storage[index],
            var submit = Self.submit(message.pdu)
        else { throw .invalidIndex }
        if let number = command.arguments.dropFirst().first.flatMap(plain),
            let address = try? SMSAddress(number: number)
        {
            submit.destination = address
        }
        return .sending(Draft(purpose: .sendStored, isText: false, announcedLength: index), submit)
    }

    mutating func prompt(_ draft: Draft) {
        if draft.purpose == .send, isUnplugged(at: .beforePrompt) {
            return pullPlug(.beforePrompt)
        }
        let latency = random.duration(of: manners.promptLatency)
        guard latency > .zero else { return showPrompt(draft) }
        execute(.prompting(draft), .prompt, after: latency)
    }

    mutating func showPrompt(_ draft: Draft) {
        output += Self.prompt
        input = .payload(draft)
        if draft.purpose == .send, isUnplugged(at: .afterPrompt) { pullPlug(.afterPrompt) }
    }

    /// Ctrl-Z has come.
    mutating func finish(_ draft: Draft, payload: [UInt8]) {
        line.removeAll()
        do throws(CommandError) {
            switch draft.purpose {
            case .send:
                let submit =
                    try draft.isText ? textSubmit(draft, payload) : pduSubmit(draft, payload)
                accept(submit, for: draft)
            case .store(let status):
                guard let index = storage.store(try stored(draft, status, payload)) else {
                    throw .memoryFull
                }
                succeed(["+CMGW: \(index)"])
            case .sendStored:
                break
            }
        } catch {
            fail(error)
        }
    }

    /// The message is complete: it goes out after the time that the network takes to accept it.
    mutating func accept(_ submit: SMSSubmit, for draft: Draft) {
        if isUnplugged(at: .afterPDU) {
            if random.happens(50) { transmit(submit) }
            return pullPlug(.afterPDU)
        }
        let latency = random.duration(of: manners.acceptLatency)
        guard latency > .zero else { return send(submit, for: draft) }
        execute(.accepting(draft, submit), .accept, after: latency)
    }

    mutating func send(_ submit: SMSSubmit, for draft: Draft) {
        for (code, percent) in manners.sendErrors.sorted(by: { $0.key < $1.key })
        where random.happens(percent) {
            actions.append(.suffered(.sendError))
            if !Self.refusals.contains(code), random.happens(50) { transmit(submit) }
            return fail(.message(code))
        }
        let lines = ["\(draft.command): \(reference &+ 1)"]
        if draft.purpose == .sendStored { storage.markSent(draft.announcedLength) }
        isUnpluggedByAnswer = isUnplugged(at: .beforeReply)
        let isLost = random.happens(manners.lostReplies)
        let isLate = random.happens(manners.lateReplies.percent)
        if isLost {
            actions.append(.suffered(.lostReply))
            input = .command
        } else if isLate {
            actions.append(.suffered(.lateReply))
            execute(.replying(lines), .reply, after: manners.lateReplies.duration)
        } else {
            succeed(lines)
        }
        transmit(submit)
    }

    /// The codes by which a network or a modem refuses a request itself (3GPP 24.011 annex E-2,
    /// 27.005 §3.2.5).
    private static let refusals: Set<Int> = [
        1, 8, 10, 28, 29, 30, 50, 301, 302, 303, 304, 305, 330,
    ]

    private mutating func transmit(_ submit: SMSSubmit) {
        reference &+= 1
        submitCount += 1
        var submit = submit
        submit.messageReference = reference
        flush()
        actions.append(.submit(submit))
    }

    private func pduSubmit(_ draft: Draft, _ payload: [UInt8]) throws(CommandError) -> SMSSubmit {
        let pdu = String(decoding: payload, as: UTF8.self).filter { $0 != " " }
        guard let submit = Self.submit(pdu),
            TPDU.submit(submit).encoded().count == draft.announcedLength
        else { throw .invalidPDUParameter }
        return submit
    }

    private static func submit(_ pdu: String) -> SMSSubmit? {
        guard let frame = try? PDUFrame(hex: pdu, direction: .mobileOriginated),
            case .submit(let submit) = frame.tpdu
        else { return nil }
        return submit
    }

    private func stored(
        _ draft: Draft,
        _ status: StoredMessage.Status,
        _ payload: [UInt8]
    ) throws(CommandError) -> StoredMessage {
        if draft.isText {
            let frame = PDUFrame(tpdu: .submit(try textSubmit(draft, payload)))
            return StoredMessage(status: status, pdu: frame.hex, tpduLength: frame.tpduLength)
        }
        let direction: TPDU.Direction =
            switch status {
            case .receivedRead, .receivedUnread: .mobileTerminated
            case .storedSent, .storedUnsent: .mobileOriginated
            }
        let pdu = String(decoding: payload, as: UTF8.self).uppercased()
        guard let frame = try? PDUFrame(hex: pdu, direction: direction),
            frame.tpduLength == draft.announcedLength
        else { throw .invalidPDUParameter }
        return StoredMessage(status: status, pdu: pdu, tpduLength: draft.announcedLength)
    }

    private static let tpduOctetsMax = 176
}
