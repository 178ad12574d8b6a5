import Recharge

extension SimulatedWorld {
    /// Why a line cannot be obeyed, in words for its writer; nil when it can.
    package func problem(with line: FaultScript.Line) -> String? {
        if let modem = line.modem, !isStation(modem) {
            return "there is no modem \(modem); there are \(stations.count)"
        }
        if case .swap(let other) = line.command {
            guard line.modem != nil else { return "say which: modem N: swap with \(other)" }
            guard isStation(other) else {
                return "there is no modem \(other); there are \(stations.count)"
            }
        }
        return nil
    }

    mutating func obey(_ line: FaultScript.Line, at now: Timestamp) {
        if let modem = line.modem, !isStation(modem) { return }
        let indexes = line.modem.map { [$0] } ?? Array(stations.indices.map { $0 + 1 })
        switch line.command {
        case .add(let count):
            for _ in 0..<count { add() }
        case .remove(let count): remove(count, of: line.modem, at: now)
        case .chargesDuplicates(let charges): centre.chargesDuplicates = charges
        case .offers(let service, let isOffered):
            if isOffered {
                centre.services.insert(service)
            } else {
                centre.services.remove(service)
            }
        case .forge(let number, let amount, let sender):
            for index in indexes { forge(number, amount, from: sender, to: index, at: now) }
        case .badNumber(let number): centre.badNumbers.insert(number)
        case .foreignNumber(let number): centre.foreignNumbers.insert(number)
        case .float(let balance):
            if line.modem == nil { centre.initialFloat = balance }
            for index in indexes { centre.setBalance(balance, of: iccid(index)) }
        case .topUp(let amount): for index in indexes { centre.pay(amount, to: iccid(index)) }
        case .pin(let pin):
            if line.modem == nil { centre.initialPIN = pin }
            for index in indexes { centre.setPIN(pin, of: iccid(index)) }
        case .plug: for index in indexes { plug(index) }
        case .swap(let other): if let modem = line.modem { swap(modem, other, at: now) }
        case .unplugNow: for index in indexes { unplug(index, at: now) }
        case .replugAfter(let delay):
            if line.modem == nil { replugAfter = delay }
            for index in indexes { stations[index - 1].replugAfter = delay }
        case .promptLatency, .acceptLatency, .answerLatency, .networkLatency, .executionLatency,
            .lostAnswers, .lostSubmits, .lostReplies, .lateAnswers, .lateReplies, .doubledAnswers,
            .repeatedAnswers, .garbledAnswers, .forgedAnswers, .spoofedAnswers, .reorderedAnswers,
            .quotedRequests, .progressAnswers, .refusals, .sendErrors, .unplugNext, .unplugs, .echo,
            .noise, .silent, .typing, .language, .long, .calm:
            turn(line.command, line.modem, indexes, at: now)
        }
    }

    private func iccid(_ index: Int) -> ICCID {
        stations[index - 1].modem.identity.iccid
    }

    private mutating func add() {
        let index = stations.count + 1
        stations.append(Station(index: index, settings: defaults, replugAfter: replugAfter))
        plug(index)
    }

    /// The one named, or as many of those that came last.
    private mutating func remove(_ count: Int, of modem: Int?, at now: Timestamp) {
        if let modem { return unplug(modem, for: true, at: now) }
        let left = stations.indices.filter { stations[$0].plug != .removed }
        for place in left.suffix(count) { unplug(place + 1, for: true, at: now) }
    }

    /// Two SIMs change places, with what their networks hold for them.
    private mutating func swap(_ first: Int, _ second: Int, at now: Timestamp) {
        guard isStation(second), first != second else { return }
        let indexes = [first, second].filter { stations[$0 - 1].plug != .removed }
        guard indexes.count == 2 else { return }
        for index in indexes {
            actions.append(.suffered(.swap, index, number: nil))
            unplug(index, at: now)
        }
        var other = stations[second - 1]
        stations[first - 1].exchangeCards(with: &other)
        stations[second - 1] = other
        for index in indexes { plug(index) }
    }

    private mutating func turn(
        _ command: FaultScript.Command,
        _ modem: Int?,
        _ indexes: [Int],
        at now: Timestamp
    ) {
        if modem == nil { command.turn(&defaults.manners, &defaults.faults) }
        for index in indexes {
            var manners = stations[index - 1].modem.manners
            command.turn(&manners, &stations[index - 1].faults)
            drive(index, .changed(manners), at: now)
        }
    }
}

extension FaultScript.Command {
    /// Turns a switch of a transceiver or of the network; other commands change nothing here.
    func turn(_ manners: inout Manners, _ faults: inout Faults) {
        switch self {
        case .promptLatency(let latency): manners.promptLatency = latency
        case .acceptLatency(let latency): manners.acceptLatency = latency
        case .lostReplies(let percent): manners.lostReplies = percent
        case .lateReplies(let delay): manners.lateReplies = delay
        case .sendErrors(let code, let percent): manners.sendErrors[code] = percent
        case .unplugNext(let stage): manners.nextUnplug = stage
        case .unplugs(let stage, let percent): manners.unplugs[stage] = percent
        case .echo(let echo): manners.echo = echo
        case .noise(let interval): manners.noise = interval
        case .silent(let isSilent): manners.isSilent = isSilent
        case .typing(let time): manners.typing = time
        case .answerLatency(let latency): faults.answerLatency = latency
        case .networkLatency(let latency): faults.networkLatency = latency
        case .executionLatency(let latency): faults.executionLatency = latency
        case .lostAnswers(let percent): faults.lostAnswers = percent
        case .lostSubmits(let percent): faults.lostSubmits = percent
        case .lateAnswers(let delay): faults.lateAnswers = delay
        case .doubledAnswers(let percent): faults.doubledAnswers = percent
        case .repeatedAnswers(let delay): faults.repeatedAnswers = delay
        case .garbledAnswers(let percent): faults.garbledAnswers = percent
        case .forgedAnswers(let percent): faults.forgedAnswers = percent
        case .spoofedAnswers(let percent): faults.spoofedAnswers = percent
        case .reorderedAnswers(let percent): faults.reorderedAnswers = percent
        case .quotedRequests(let percent): faults.quotedRequests = percent
        case .progressAnswers(let percent): faults.progressAnswers = percent
        case .refusals(let refusal, let percent): faults.refusals[refusal] = percent
        case .language(let language): faults.language = language
        case .long(let isLong): faults.isLong = isLong
        case .calm:
            manners = Manners()
            faults = Faults()
        case .unplugNow, .plug, .swap, .replugAfter, .chargesDuplicates, .offers, .forge, .float,
            .topUp, .pin, .badNumber, .foreignNumber, .add, .remove:
            break
        }
    }
}
