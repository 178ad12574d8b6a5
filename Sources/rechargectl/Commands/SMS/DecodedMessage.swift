import Recharge
import SMSCodec

/// The fields of a message, as `sms decode` shows them; absent fields are left out.
struct DecodedMessage: Encodable, Hashable, Sendable {
    /// What kind of message it is.
    enum Kind: String, Encodable, Hashable, Sendable {
        case submit
        case deliver
        case statusReport = "status_report"
    }

    var type: Kind
    var serviceCentre: String?
    var from: String?
    var to: String?
    /// When the service centre took it, in local time with its zone.
    var sentAt: String?
    /// When the service centre was done with it.
    var dischargedAt: String?
    var validity: String?
    var status: String?
    var messageReference: Int?
    var requestsReport: Bool?
    var coding: String?
    var part: Int?
    var parts: Int?
    var partReference: Int?
    var text: String?
    /// Why the user data is no text.
    var textError: String?
    var tpduLength: Int

    init(_ frame: PDUFrame) {
        serviceCentre = frame.serviceCentre?.display
        tpduLength = frame.tpduLength
        switch frame.tpdu {
        case .submit(let submit):
            type = .submit
            to = submit.destination.display
            messageReference = Int(submit.messageReference)
            requestsReport = submit.requestStatusReport
            validity = submit.validity.map { DecodedMessage.text($0) }
            read(submit.userData)
        case .deliver(let deliver):
            type = .deliver
            from = deliver.originator.display
            sentAt = DecodedMessage.text(deliver.timestamp)
            read(deliver.userData)
        case .statusReport(let report):
            type = .statusReport
            to = report.recipient.display
            messageReference = Int(report.messageReference)
            sentAt = DecodedMessage.text(report.timestamp)
            dischargedAt = DecodedMessage.text(report.dischargeTime)
            status = DecodedMessage.text(report.status)
            if let userData = report.userData { read(userData) }
        }
    }

    private mutating func read(_ userData: UserData) {
        coding =
            switch userData.codingScheme.alphabet {
            case .gsm7: "GSM 7-bit"
            case .octets: "8-bit"
            case .ucs2: "UCS2"
            }
        if let place = userData.concatenation {
            part = Int(place.number)
            parts = Int(place.total)
            switch place.reference {
            case .narrow(let value): partReference = Int(value)
            case .wide(let value): partReference = Int(value)
            }
        }
        do {
            text = try userData.text()
        } catch {
            textError = error.description
        }
    }

    var table: TextTable {
        let place = part.flatMap { part in
            parts.map { "\(part) of \($0), reference \(partReference ?? 0)" }
        }
        return .fields([
            ("type", Cell(type.rawValue)),
            ("service centre", Cell(serviceCentre)),
            ("from", Cell(from)),
            ("to", Cell(to)),
            ("sent", Cell(sentAt)),
            ("discharged", Cell(dischargedAt)),
            ("validity", Cell(validity)),
            ("status", Cell(status)),
            ("reference", Cell(messageReference.map { String($0) })),
            ("report", Cell(requestsReport == true ? "requested" : nil)),
            ("coding", Cell(coding)),
            ("part", Cell(place)),
            ("text", Cell(text)),
            ("no text", Cell(textError, .bad)),
            ("TPDU length", Cell(tpduLength)),
        ])
    }
}

extension DecodedMessage {
    private static func text(_ validity: ValidityPeriod) -> String {
        switch validity {
        case .relative: validity.duration.map { ProgressLine.text($0) } ?? ""
        case .absolute(let timestamp): "until \(text(timestamp))"
        case .enhanced: "in the enhanced format"
        }
    }

    private static func text(_ status: SMSStatus) -> String {
        let meaning =
            switch status.category {
            case .delivered: "delivered"
            case .unconfirmed: "done, delivery not confirmed"
            case .trying: "still trying"
            case .failed: "failed"
            }
        return "\(meaning) (\(padded(Int(status.octet), radix: 16)))"
    }

    /// RFC 3339 with the zone of the stamp; the fields as they are, also where they are no date.
    private static func text(_ stamp: ServiceCentreTimestamp) -> String {
        let date = "\(stamp.year)-\(padded(stamp.month))-\(padded(stamp.day))"
        let time = [stamp.hour, stamp.minute, stamp.second].map { padded($0) }
        let quarters = abs(stamp.quarterHours)
        let zone = "\(padded(quarters / 4)):\(padded(quarters % 4 * 15))"
        return "\(date)T\(time.joined(separator: ":"))\(stamp.quarterHours < 0 ? "-" : "+")\(zone)"
    }

    private static func padded(_ value: Int, radix: Int = 10) -> String {
        let digits = String(value, radix: radix, uppercase: true)
        return digits.utf8.count < 2 ? "0\(digits)" : digits
    }
}
