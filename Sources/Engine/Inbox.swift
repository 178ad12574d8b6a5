import Recharge
import SMSCodec

/// The messages of one SIM on their way from its storage to disk.
///
/// Law: what a SIM received is on disk before it is deleted from it. A place is announced, read,
/// filed and cleared, in that order. While it is anywhere on this way it may be announced again,
/// and hold another message then: one may replace another (3GPP 23.040 §9.2.3.9). So it is read
/// once more before it is cleared.
///
///     announced ─▶ reading ─▶ unfiled ─ filed ─▶ undeleted ─ AT+CMGD ─▶ (forgotten)
struct Inbox: Sendable {
    /// A message that is whole, with the parts that bring it.
    struct Message: Hashable, Sendable {
        var sender: String
        var text: String
        var sentAt: Timestamp?
        var parts: [InboxMessage]
    }

    /// What reading one place of the storage brought.
    enum Reading: Hashable, Sendable {
        /// To be interpreted; its parts are filed as read with what it settles.
        case message(Message)
        /// What became of a message that the SIM sent, with the message that says so.
        case report(SMSStatusReport, InboxMessage)
        /// To be filed as they are: parts of unfinished messages, repetitions, the unreadable.
        case parts([InboxMessage])
    }

    private enum Stage: Hashable {
        case announced, reading, unfiled, undeleted
    }

    private static let expiry = Duration.seconds(3600)
    /// A sender hands over all parts of a message at once.
    private static let spread = Duration.seconds(30)
    private static let recentMax = 256

    let sim: ICCID
    private let mask: PINMask
    /// Where each place is that is on its way, oldest first; few at a time.
    private var places: [(index: Int, stage: Stage, isNews: Bool)] = []
    /// How often in a row nothing could be read from a place.
    private var misses: [Int: Int] = [:]
    private static let missesMax = 5
    /// The messages taken in last, as they are filed: networks and modems give some again.
    private var recent: [String] = []
    private var oldestRecent = 0
    private var expired: [InboxMessage] = []
    private var reassembler = SMSReassembler<InboxMessage>(
        expiry: Inbox.expiry,
        spread: Inbox.spread
    )

    init(sim: ICCID, mask: PINMask, unfinished: [InboxMessage], at now: Timestamp) {
        self.sim = sim
        self.mask = mask
        for part in unfinished { _ = reading(of: part.pdu, at: now) }
    }

    /// More than any storage has; what is announced beyond them a list shows.
    private static let placesMax = 1024

    /// Whether nothing waits to be read.
    var isRead: Bool { !places.contains { $0.stage == .announced || $0.stage == .reading } }

    /// Whether a place waits to be read or cleared.
    var hasErrand: Bool { places.contains { $0.stage == .announced || $0.stage == .undeleted } }

    /// Whether every place that was announced is cleared.
    var isClear: Bool { places.isEmpty }

    mutating func announced(_ index: Int) {
        if let place = places.firstIndex(where: { $0.index == index }) {
            switch places[place].stage {
            case .announced: break
            case .reading, .unfiled: places[place].isNews = true
            case .undeleted: beginAgain(place)
            }
        } else if places.count < Inbox.placesMax {
            places.append((index, .announced, false))
        }
    }

    /// Takes a place that a list shows; false while it is on its way already.
    mutating func listed(_ index: Int) -> Bool {
        if !places.contains(where: { $0.index == index }) { announced(index) }
        return advance(index, from: .announced, to: .reading)
    }

    /// The next place to read; it must come back as `read(_:pdu:at:)` or `missed(_:)`.
    mutating func nextUnread() -> Int? {
        guard let place = places.firstIndex(where: { $0.stage == .announced }) else { return nil }
        places[place].stage = .reading
        return places[place].index
    }

    /// The next place to clear; whether that works or not, it may hold another message then.
    mutating func nextUndeleted() -> Int? {
        guard let place = places.firstIndex(where: { $0.stage == .undeleted }) else { return nil }
        return places.remove(at: place).index
    }

    /// Sends a place that was announced again on its way once more.
    private mutating func beginAgain(_ place: Int) {
        places[place].stage = .announced
        places[place].isNews = false
    }

    /// Nothing could be read from a place; returns whether it is worth another try soon.
    ///
    /// What cannot be read again and again stays where it is, for each sweep to look at.
    mutating func missed(_ index: Int) -> Bool {
        guard let place = places.firstIndex(where: { $0.index == index && $0.stage == .reading })
        else { return true }
        if places[place].isNews { beginAgain(place) } else { places.remove(at: place) }
        if misses.count >= Inbox.placesMax { misses = [:] }
        misses[index, default: 0] += 1
        return misses[index, default: 0] < Inbox.missesMax
    }

    /// Takes what stood in a place of the storage; it must be filed, then `filed(_:)` called.
    ///
    /// What is to be filed has the PIN replaced; the text of a whole message is as it came.
    mutating func read(_ index: Int?, pdu: String, at now: Timestamp) -> Reading {
        if let index {
            misses[index] = nil
            _ = advance(index, from: .reading, to: .unfiled)
        }
        return reading(of: pdu, at: now)
    }

    /// The message from a place is on disk: the place may be cleared.
    mutating func filed(_ index: Int) {
        guard let place = places.firstIndex(where: { $0.index == index && $0.stage == .unfiled })
        else { return }
        if places[place].isNews { beginAgain(place) } else { places[place].stage = .undeleted }
    }

    private mutating func advance(_ index: Int, from old: Stage, to new: Stage) -> Bool {
        guard let place = places.firstIndex(where: { $0.index == index && $0.stage == old }) else {
            return false
        }
        places[place].stage = new
        return true
    }

    private mutating func reading(of pdu: String, at now: Timestamp) -> Reading {
        let part = InboxMessage(
            sim: sim,
            pdu: pdu,
            sender: "",
            text: "",
            sentAt: nil,
            isRead: true
        )
        guard let frame = try? PDUFrame(hex: pdu, direction: .mobileTerminated) else {
            return unreadable(part)
        }
        switch frame.tpdu {
        case .deliver(let deliver): return reading(of: deliver, in: frame, part, at: now)
        case .statusReport(let report): return reading(of: report, in: frame, part)
        case .submit: return unreadable(part)
        }
    }

    private func unreadable(_ part: InboxMessage) -> Reading {
        var part = part
        part.pdu = mask.masked(pdu: part.pdu)
        return .parts([part])
    }

    private mutating func reading(
        of report: SMSStatusReport,
        in frame: PDUFrame,
        _ part: InboxMessage
    ) -> Reading {
        var part = part
        guard let shown = try? mask.masked(report) else { return unreadable(part) }
        if shown != report {
            part.pdu = PDUFrame(serviceCentre: frame.serviceCentre, tpdu: .statusReport(shown)).hex
        }
        part.sender = report.recipient.display
        part.text = report.summary
        part.sentAt = report.dischargeTime.utcMilliseconds.map { Timestamp(milliseconds: $0) }
        return isFirst(part.pdu) ? .report(shown, part) : .parts([])
    }

    private mutating func reading(
        of deliver: SMSDeliver,
        in frame: PDUFrame,
        _ part: InboxMessage,
        at now: Timestamp
    ) -> Reading {
        var part = part
        guard let shown = try? mask.masked(deliver) else { return unreadable(part) }
        if shown != deliver {
            part.pdu = PDUFrame(serviceCentre: frame.serviceCentre, tpdu: .deliver(shown)).hex
        }
        part.sender = deliver.originator.display
        part.text = (try? shown.userData.text()) ?? ""
        part.sentAt = deliver.timestamp.utcMilliseconds.map { Timestamp(milliseconds: $0) }
        // Known by what is on file of it: a worker that begins has no more of an earlier part.
        guard isFirst(part.pdu) else {
            // On file already, as read or as the part of an unfinished message that it still is.
            part.isRead = false
            return .parts([part])
        }
        expired += reassembler.expire(at: now.milliseconds).flatMap { $0.parts.map(\.tag) }
        switch reassembler.accept(deliver, tag: part, at: now.milliseconds) {
        case .complete(let message):
            return .message(
                Message(
                    sender: part.sender,
                    text: message.text,
                    sentAt: message.timestamp.utcMilliseconds.map { Timestamp(milliseconds: $0) },
                    parts: message.tags
                )
            )
        case .incomplete(_, _, let dropped):
            part.isRead = false
            return .parts([part] + (dropped?.parts.map(\.tag) ?? []))
        case .contested(let parts): return .parts(parts.map(\.tag))
        case .unreadable(_, let tags): return .parts(tags)
        case .repeated: return .parts([part])
        }
    }

    /// The parts that were given up, to be filed as read; each is handed out once.
    mutating func takeExpired() -> [InboxMessage] {
        defer { expired = [] }
        return expired
    }

    /// Whether these octets are seen for the first time.
    private mutating func isFirst(_ pdu: String) -> Bool {
        guard !recent.contains(pdu) else { return false }
        if recent.count < Inbox.recentMax {
            recent.append(pdu)
        } else {
            recent[oldestRecent] = pdu
            oldestRecent = (oldestRecent + 1) % Inbox.recentMax
        }
        return true
    }
}

extension SMSStatusReport {
    /// What it says, for people: `status report 00, delivered, of message 12`.
    var summary: String {
        let code = String(status.octet, radix: 16, uppercase: true)
        let meaning =
            switch status.category {
            case .delivered: "delivered"
            case .unconfirmed: "given on, delivery unconfirmed"
            case .trying: "not delivered yet"
            case .failed: "not delivered"
            }
        return "status report \(code.count == 1 ? "0" : "")\(code), \(meaning), of message "
            + "\(messageReference)"
    }
}
