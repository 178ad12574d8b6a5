import Recharge
import SMSCodec

/// The way of a message from a SIM to the centre or to another SIM, and of the answers back.
extension SimulatedWorld {
    /// Takes a message from a transceiver.
    ///
    /// To the centre's number it may be lost or held; to the number of another SIM it goes at once;
    /// to any other number it is accepted and forgotten.
    mutating func carry(_ submit: SMSSubmit, from index: Int, at now: Timestamp) {
        let sim = stations[index - 1].modem.identity.iccid
        if submit.destination.value == RechargeCentre.shortNumber {
            let place = index - 1
            guard !stations[place].random.happens(stations[place].faults.lostSubmits) else {
                return actions.append(.suffered(.lostSubmit, index, number: nil))
            }
            let delay = stations[place].random.duration(of: stations[place].faults.networkLatency)
            let arrival = Due.arrival(sim, submit, expiry: submit.expiry(sentAt: now))
            schedule(arrival, after: delay, at: now)
        } else if let receiver = subscriber(submit.destination) {
            report(submit, to: sim, at: now)
            guard let sender = try? SMSAddress(number: stations[index - 1].modem.identity.number),
                let stamp = Self.stamp(now)
            else { return }
            let message = SMSDeliver(from: sender, timestamp: stamp, userData: submit.userData)
            schedule(.delivery(receiver, .deliver(message)), after: .zero, at: now)
        }
    }

    /// At the centre; what outlived its validity on the way never gets there.
    mutating func arrive(
        _ submit: SMSSubmit,
        from sim: ICCID,
        expiry: Timestamp?,
        at now: Timestamp
    ) {
        if let expiry, expiry <= now {
            return report(submit, to: sim, SMSStatus(octet: 0x46), at: now)
        }
        report(submit, to: sim, at: now)
        let text = (try? submit.userData.text()) ?? ""
        let place = index(of: sim) - 1
        let delay = stations[place].random.duration(of: stations[place].faults.executionLatency)
        guard delay > .zero else { return execute(text, of: sim, at: now) }
        schedule(.execution(sim, text), after: delay, at: now)
    }

    mutating func execute(_ text: String, of sim: ICCID, at now: Timestamp) {
        let index = index(of: sim)
        let (entry, answers) = centre.receive(
            text,
            from: sim,
            faults: stations[index - 1].faults,
            at: now,
            using: &stations[index - 1].random
        )
        if let entry { actions.append(.record(entry)) }
        for answer in answers { schedule(.answer(sim, answer), after: answer.delay, at: now) }
    }

    /// Brings an answer, and behind it those that it has overtaken.
    mutating func bring(_ answer: TimedAnswer, to sim: ICCID, at now: Timestamp) {
        let index = index(of: sim)
        guard !answer.isHeldBack else {
            stations[index - 1].heldBack.append(answer)
            return schedule(.release(sim), after: Self.heldBackMax, at: now)
        }
        deliver(answer, to: index, at: now)
        release(to: sim, at: now)
    }

    mutating func release(to sim: ICCID, at now: Timestamp) {
        let index = index(of: sim)
        let heldBack = stations[index - 1].heldBack
        stations[index - 1].heldBack.removeAll()
        for answer in heldBack { deliver(answer, to: index, at: now) }
    }

    /// How long an answer waits to be overtaken.
    private static let heldBackMax = Duration.seconds(10)

    /// Brings a confirmation of what never happened.
    mutating func forge(
        _ number: String,
        _ amount: Amount,
        from sender: String,
        to index: Int,
        at now: Timestamp
    ) {
        let float = centre.balance(of: stations[index - 1].modem.identity.iccid)
        let isChinese = stations[index - 1].faults.language != .english
        let lie = CentreAnswer.succeeded(
            number: number,
            amount: amount,
            serial: stations[index - 1].random.madeUpSerial(),
            balance: float
        )
        let text = lie.text(inChinese: isChinese)
        deliver(TimedAnswer(sender: sender, text: text, delay: .zero), to: index, at: now)
    }

    private mutating func deliver(_ answer: TimedAnswer, to index: Int, at now: Timestamp) {
        for mishap in answer.mishaps {
            actions.append(.suffered(mishap, index, number: answer.number))
        }
        guard !answer.isLost else { return }
        stations[index - 1].concatenationReference &+= 1
        let reference = stations[index - 1].concatenationReference
        guard let sender = try? SMSAddress(number: answer.sender), let stamp = Self.stamp(now),
            let parts = try? SMSSegmentation.delivers(
                text: answer.text,
                from: sender,
                timestamp: stamp,
                reference: .narrow(reference)
            )
        else { preconditionFailure("the centre's answers fit into messages") }
        // Of one that is late its parts come backwards.
        for part in answer.isHeldBack ? parts.reversed() : parts {
            deliver(.deliver(part), to: index, at: now)
        }
    }

    /// Behind what already waits: the network keeps the order.
    mutating func deliver(_ message: TPDU, to index: Int, at now: Timestamp) {
        guard stations[index - 1].waiting.isEmpty else {
            return stations[index - 1].waiting.append(message)
        }
        drive(index, .delivered(message), at: now)
    }

    mutating func redeliver(to index: Int, at now: Timestamp) {
        let waiting = stations[index - 1].waiting
        stations[index - 1].waiting.removeAll()
        for message in waiting { drive(index, .delivered(message), at: now) }
    }

    /// 00 is delivered, 46 that its validity period expired (3GPP 23.040 §9.2.3.15).
    private mutating func report(
        _ submit: SMSSubmit,
        to sim: ICCID,
        _ status: SMSStatus = SMSStatus(octet: 0),
        at now: Timestamp
    ) {
        guard submit.requestStatusReport, let stamp = Self.stamp(now) else { return }
        let report = SMSStatusReport(
            messageReference: submit.messageReference,
            recipient: submit.destination,
            timestamp: stamp,
            dischargeTime: stamp,
            status: status
        )
        schedule(.delivery(sim, .statusReport(report)), after: .zero, at: now)
    }

    /// The SIM that is meant by `+8613900000001`, `8613900000001` or `13900000001`.
    private func subscriber(_ address: SMSAddress) -> ICCID? {
        let digits = address.value
        guard digits.utf8.count >= 11 else { return nil }
        return stations.first { station in
            let own = station.modem.identity.number.dropFirst()
            return own == digits || own.dropFirst(2) == digits
        }?.modem.identity.iccid
    }

    /// China's time, which the simulated network keeps.
    private static func stamp(_ now: Timestamp) -> ServiceCentreTimestamp? {
        try? ServiceCentreTimestamp(
            utcMilliseconds: now.milliseconds,
            quarterHours: Int(chinaOffsetMinutes / 15)
        )
    }
}

extension SMSSubmit {
    /// When the network gives up; nil without a validity period, or with one it cannot read.
    ///
    /// The enhanced format is read as 3GPP 23.040 §9.2.3.12.3 lays it down: a relative octet,
    /// seconds, or hours, minutes and seconds in semi-octets.
    func expiry(sentAt now: Timestamp) -> Timestamp? {
        switch validity {
        case nil: nil
        case .relative: validity?.duration.map { now.advanced(by: $0) }
        case .absolute(let stamp): stamp.utcMilliseconds.map { Timestamp(milliseconds: $0) }
        case .enhanced(let octets):
            switch octets[0] & 0b111 {
            case 0b001:
                ValidityPeriod.relative(octets[1]).duration.map { now.advanced(by: $0) }
            case 0b010: now.advanced(by: .seconds(Int(octets[1])))
            case 0b011:
                now.advanced(
                    by: .seconds(
                        Self.decimal(octets[1]) * 3600 + Self.decimal(octets[2]) * 60
                            + Self.decimal(octets[3])
                    )
                )
            default: nil
            }
        }
    }

    private static func decimal(_ octet: UInt8) -> Int {
        Int(octet & 0x0F) * 10 + Int(octet >> 4)
    }
}
