import Carriers
import ConfigurationFiles
import ControlServer
import Documents
import Foundation
import Recharge
import TestSupport

/// A profile, and messages that it and the simulated carrier's profile read.
///
/// ```
/// the file | 00 | a message | 00 | another…
/// ```
enum ProfileFuzzing {
    static func run(_ bytes: [UInt8]) throws {
        let parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
        let texts = parts.dropFirst().map { String(decoding: $0, as: UTF8.self) }
        for text in texts { try check(text, simulated) }
        guard let file = parts.first, !file.isEmpty,
            let profile = try DocumentFuzzing.read(
                Array(file),
                { document throws(DocumentError) in
                    try CarrierProfile(reading: document, zone: zone)
                }
            )
        else { return }
        try checkOrders(profile)
        for text in texts {
            try check(text, profile)
            try StatementFuzzing.check(Array(text.utf8), by: profile, .single)
        }
    }

    /// The profile that `modemsim` plays.
    static let simulated: CarrierProfile = {
        let path = SeedCorpus.repository.appending(path: "etc/carriers/simulated.yaml").path
        do {
            return try CarrierProfile(reading: YAMLFile.read(path), zone: zone)
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    /// The zones that the seeds name, found once: it takes a look at every day of twenty years.
    private static let zones = Dictionary(
        uniqueKeysWithValues: ["UTC", "Asia/Shanghai", "+08:00"].map { ($0, resolved($0)) }
    )

    private static func zone(_ name: String) -> CarrierZone? {
        // A name of a zone that no seed names is as good as any: an offset costs nothing.
        zones[name] ?? (name.contains("/") ? nil : resolved(name))
    }

    private static func resolved(_ name: String) -> CarrierZone? {
        ZoneOffsets(zone: name).map { zone in
            CarrierZone(
                offsetMinutes: zone.offsetMinutes,
                changes: zone.changes.map { ($0.fromMilliseconds, $0.offsetMinutes) }
            )
        }
    }

    /// What a profile that loads is used for, with an order at each end of its amounts.
    private static func checkOrders(_ profile: CarrierProfile) throws {
        let terms = CarrierTerms(profile, at: Samples.midnight)
        try demand(terms.rules.amounts.lowerBound > 0, "amounts from \(terms.rules.amounts)")
        for text in ["13800138000", "0811234567", "123456789"] {
            guard let number = terms.rules.numbers.number(text) else { continue }
            for amount in [profile.amounts.min, profile.amounts.max] {
                for request in try requests(profile, number, amount) {
                    try demand(!request.redacted.contains(pin), "a PIN shows")
                    try demand(!"\(request)".contains(pin), "a PIN shows")
                    try demand(
                        profile.needsPIN || request.text == request.redacted,
                        "a request without a PIN is not what is shown of it"
                    )
                }
            }
        }
        let moment = Samples.midnight
        if let deadline = profile.reversalDeadline(chargedAt: moment) {
            try demand(deadline > moment, "a reversal is over before it begins")
        }
        let late = moment.advanced(by: .seconds(10_000 * 86_400))
        try demand(
            profile.operations.reconfirm?.within == nil
                || !profile.mayReconfirm(armedAt: moment, now: late),
            "a reconfirmation after its time"
        )
    }

    private static let pin = "notapin0"

    /// Everything that a profile can ask for an order that it allows.
    private static func requests(
        _ profile: CarrierProfile,
        _ number: PhoneNumber,
        _ amount: Amount
    ) throws -> [CarrierRequest] {
        let pin = PIN(pin)
        do throws(RequestError) {
            var requests = [
                try profile.request(number: number, amount: amount, pin: pin, reference: "r-1")
            ]
            for kind in Inquiry.Kind.allCases where profile.operations[kind] != nil {
                requests.append(
                    try profile.inquiry(kind, number: number, amount: amount, pin: pin)
                )
            }
            if profile.operations.reverse != nil {
                requests.append(
                    try profile.reversal(of: "S-1", number: number, amount: amount, pin: pin)
                )
            }
            return requests
        } catch {
            throw Violation(description: "its own number and amount: \(error)")
        }
    }

    /// A message proves the same whatever white space is around it, and nothing at all from
    /// someone else.
    private static func check(_ text: String, _ profile: CarrierProfile) throws {
        let reading = profile.read(text: text, from: "10086")
        try demand(
            profile.read(text: text, from: "+0") == .notFromCarrier,
            "a message of someone else is read"
        )
        guard case .matched(let answer) = reading else { return }
        if text.unicodeScalars.count < 1990 {
            let wrapped = profile.read(text: " \n\(text)\u{3000}\r\n ", from: "10086")
            try demand(wrapped == reading, "white space around it makes it \(wrapped)")
        }
        if let number = answer.number {
            let national = profile.numbers.national(number) ?? number.e164
            try demand(text.utf8.contains(national.utf8), "the number does not stand in the text")
        }
        for serial in [answer.serial, answer.original].compactMap({ $0 }) {
            try demand(text.utf8.contains(serial.utf8), "\(serial) does not stand in the text")
        }
        try demand((answer.amount?.minorUnits ?? 0) >= 0, "an amount below zero")
        if answer.gradeMax >= .answer, profile == simulated {
            for other in ["x\(text)", "\(text)x", "转发：\(text)"] {
                try demand(
                    profile.read(text: other, from: "10086") == .unrecognised,
                    "words around an answer of full grade are not noticed"
                )
            }
        }
    }
}
