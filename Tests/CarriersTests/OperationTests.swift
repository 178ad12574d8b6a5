import Carriers
import Documents
import Recharge
import Testing

/// What a profile declares besides the recharge, and how its requests and answers read.
@Suite struct OperationTests {
    private let number = PhoneNumber(e164: "+8613800138000")
    private let pin = PIN("4711")

    private func fifty() throws -> Amount {
        Amount(minorUnits: 5000, currency: try #require(cny))
    }

    @Test func theWholeProfileHasNoMistakeAndKeepsWhatItSays() throws {
        #expect(mistakes(wholeProfileText) == [])
        let profile = try profile(wholeProfileText)
        #expect(profile.operations.balance?.danger == .reads)
        #expect(profile.operations.history?.danger == .reads)
        #expect(profile.operations.reconfirm?.danger == .movesMoney)
        #expect(profile.operations.reconfirm?.within == .seconds(3600))
        #expect(profile.operations.reverse?.operation.danger == .movesMoney)
        #expect(profile.operations.reverse?.within == .seconds(86_400))
        #expect(profile.operations.reverse?.sameMonth == true)
        #expect(profile.operations.reverse?.perMonth == 8)
        for kind in Inquiry.Kind.allCases {
            let danger = profile.operations[kind]?.danger
            #expect(danger == (kind.movesMoney ? .movesMoney : .reads))
        }
        #expect(profile.doubt.firstAfter == .seconds(20))
        #expect(profile.doubt.interval == .seconds(90))
        #expect(profile.doubt.inquiriesMax == 5)
        #expect(profile.doubt.unchangedBalanceProves)
        #expect(profile.float.low?.minorUnits == 10_000)
        #expect(profile.float.driftMax?.minorUnits == 0)
        #expect(profile.duplicateWindow == .seconds(600))
        let rules = BatchCarrier(profile, isVerified: true, at: Timestamp(milliseconds: 0))
        #expect(rules.duplicateWindow == .seconds(600))
        #expect(
            profile.simUse == UseLimits(perMinute: UseLimit(count: 6, minorUnits: 100_000))
        )
        #expect(profile.numberLimits == UseLimits(perDay: UseLimit(count: 3, minorUnits: 30_000)))
        #expect(
            profile.carrierLimits
                == UseLimits(
                    perHour: UseLimit(count: 2000),
                    perDay: UseLimit(minorUnits: 5_000_000)
                )
        )
        #expect(profile.statement?.columns[.serial] == "流水号")
        #expect(profile.statement?.succeeded == ["成功", "OK"])
    }

    /// Its answer could not be told from that of an earlier recharge.
    @Test func whatIsRepeatedIsAnsweredWithASerial() {
        let text = wholeProfileText.replacing(
            "    text: \"OK {number} {amount} SN {serial}\"",
            with: "    lacks: [serial]\n    text: \"OK {number} {amount}\""
        ).replacing(
            "text: \"OK 13800138000 5 SN 12345\", rule: done, number: \"13800138000\", "
                + "amount: 5, serial: \"12345\"",
            with: "text: \"OK 13800138000 5\", rule: done, number: \"13800138000\", amount: 5"
        )
        let found = mistakes(text)
        #expect(found.count == 1)
        #expect(found.first?.contains("some have no serial number") == true)
    }

    @Test func statusReportsCanBeForgone() throws {
        #expect(try !profile("status_reports: false\n" + profileText).asksForReports)
        #expect(mistakes("status_reports: 1\n" + profileText).count == 1)
    }

    @Test func whatIsLeftOutIsNotOffered() throws {
        let profile = try profile(profileText)
        #expect(profile.operations == .none)
        #expect(profile.doubt == .standard)
        #expect(profile.float == .none)
        #expect(profile.duplicateWindow == .zero)
        #expect(profile.asksForReports)
        #expect(profile.statement == nil)
        #expect(profile.simUse == .none)
        #expect(profile.reversalDeadline(chargedAt: Timestamp(milliseconds: 0)) == nil)
        let now = Timestamp(milliseconds: 0)
        #expect(!profile.mayReconfirm(armedAt: now, now: now))
        for kind in Inquiry.Kind.allCases {
            #expect(throws: RequestError.notDeclared) {
                try profile.inquiry(kind, number: number, amount: fifty(), pin: pin)
            }
        }
        #expect(throws: RequestError.notDeclared) {
            try profile.reversal(of: "1234", number: #require(number), amount: fifty(), pin: pin)
        }
    }

    @Test(arguments: [
        (Inquiry.Kind.balance, "YE#4711"), (.history, "CX#13800138000#50#4711"),
        (.reconfirm, "CF#13800138000#50#4711"),
    ])
    func anInquiryIsWrittenFromItsTemplate(kind: Inquiry.Kind, text: String) throws {
        let profile = try profile(wholeProfileText)
        let request = try profile.inquiry(kind, number: number, amount: fifty(), pin: pin)
        #expect(request.to == "10086")
        #expect(request.text == text)
        #expect(request.redacted == text.replacing("4711", with: PIN.mask))
        #expect(throws: RequestError.pinUnfit) {
            try profile.inquiry(kind, number: number, amount: fifty(), pin: PIN("12#3"))
        }
    }

    @Test func anInquiryAboutTheSIMNamesNoOrderAndOthersNeedOne() throws {
        let profile = try profile(wholeProfileText)
        #expect(try profile.inquiry(.balance, pin: pin).text == "YE#4711")
        for kind in [Inquiry.Kind.history, .reconfirm] {
            #expect(throws: RequestError.orderMissing) { try profile.inquiry(kind, pin: pin) }
            #expect(throws: RequestError.orderMissing) {
                try profile.inquiry(kind, number: number, pin: pin)
            }
        }
    }

    @Test func aReversalNamesTheSerialAndNothingElseGetsIntoItsPlace() throws {
        let profile = try profile(wholeProfileText)
        let ours = try #require(number)
        let request = try profile.reversal(of: "AB-12", number: ours, amount: fifty(), pin: pin)
        #expect(request.text == "CZ-#AB-12#13800138000#50#4711")
        #expect(request.redacted == "CZ-#AB-12#13800138000#50#\(PIN.mask)")
        for serial in ["", "1#2", "1 2", "１２", String(repeating: "1", count: 41)] {
            #expect(throws: RequestError.serialUnfit) {
                try profile.reversal(of: serial, number: ours, amount: fifty(), pin: pin)
            }
        }
    }

    @Test func aPINIsNeededWhereAnyOperationHasOne() throws {
        let without = wholeProfileText.replacing("#{pin}", with: "")
        #expect(try profile(wholeProfileText).needsPIN)
        #expect(try !profile(without).needsPIN)
        #expect(try profile(without.replacing("\"YE\"", with: "\"YE#{pin}\"")).needsPIN)
        #expect(
            try profile(without.replacing("CZ-#{serial}", with: "CZ-#{serial}#{pin}")).needsPIN
        )
    }

    @Test(arguments: [
        ("2026-11-23T09:30:00Z", "2026-11-24T09:30:00.000Z"),
        ("2026-11-30T09:30:00Z", "2026-12-01T00:00:00.000Z"),
        ("2026-12-31T23:59:59Z", "2027-01-01T00:00:00.000Z"),
    ])
    func aReversalEndsWithItsWindowOrItsMonth(chargedAt: String, deadline: String) throws {
        let moment = try #require(Timestamp(chargedAt))
        let strict = try profile(wholeProfileText)
        #expect(strict.reversalDeadline(chargedAt: moment)?.rfc3339 == deadline)
        let lax = try profile(wholeProfileText.replacing("same_month: true, ", with: ""))
        #expect(lax.reversalDeadline(chargedAt: moment) == moment.advanced(by: .seconds(86_400)))
    }

    @Test func aReconfirmationMustArriveWhileTheCarrierKnowsTheRecharge() throws {
        // It can arrive for the validity of five minutes and ten more; the carrier remembers an hour.
        let hourly = try profile(wholeProfileText)
        let armed = try #require(Timestamp("2026-11-23T09:30:00Z"))
        let last = armed.advanced(by: .seconds(2699))
        #expect(hourly.mayReconfirm(armedAt: armed, now: last))
        #expect(!hourly.mayReconfirm(armedAt: armed, now: last.advanced(by: .seconds(1))))
        let forEver = try profile(wholeProfileText.replacing("within: 1h, ", with: ""))
        #expect(forEver.mayReconfirm(armedAt: armed, now: armed.advanced(by: .seconds(9_999_999))))
    }

    @Test func answersToOperationsCarryWhatTheyName() throws {
        let profile = try profile(wholeProfileText)
        let found = try answer("Found 13800138000 5 SN 12345 at 2026/11/23 09:30!", profile)
        #expect(found.meaning == .onRecord)
        #expect(found.time == Timestamp("2026-11-23T09:30:00Z"))
        #expect(found.serial == "12345")
        #expect(found.gradeMax == .carrierRecord)
        let lost = try answer("No 13800138000 5", profile)
        #expect(lost.meaning == .noRecord)
        #expect(lost.gradeMax == .carrierRecord)
        let undone = try answer("Undid 12345: 13800138000 5 SN 12346", profile)
        #expect(undone.meaning == .reversed)
        #expect(undone.original == "12345")
        #expect(undone.serial == "12346")
        #expect(undone.gradeMax == .answer)
        let kept = try answer("Kept 12345: too late", profile)
        #expect(kept.meaning == .reversalRefused)
        #expect(kept.original == "12345")
        #expect(kept.gradeMax == .answer)
        #expect(try answer("Float 9.50.", profile).gradeMax == Evidence.Grade.none)
    }

    @Test func timesAreReadByTheClocksOfTheZone() throws {
        let changing = CarrierZone(
            offsetMinutes: 60,
            changes: [
                // Clocks go from 02:00 to 03:00, and in October from 03:00 back to 02:00.
                .init(from: try #require(Timestamp("2026-03-29T01:00Z")), offsetMinutes: 120),
                .init(from: try #require(Timestamp("2026-10-25T01:00Z")), offsetMinutes: 60),
            ]
        )
        let document = try document("p.yaml", wholeProfileText)
        let profile = try CarrierProfile(reading: document) { _ in changing }
        for (shown, moment) in [
            ("2026-03-29 01:59:59", "2026-03-29T00:59:59.000Z"),
            ("2026-03-29 03:00:00", "2026-03-29T01:00:00.000Z"),
            ("2026-07-01 12:00:00", "2026-07-01T10:00:00.000Z"),
            // Shown twice: the first.
            ("2026-10-25 02:30:00", "2026-10-25T00:30:00.000Z"),
            ("2026-10-25 03:00:00", "2026-10-25T02:00:00.000Z"),
        ] {
            let answer = try answer("Found 13800138000 5 SN 12345 at \(shown)!", profile)
            #expect(answer.time?.rfc3339 == moment)
        }
        let skipped = "Found 13800138000 5 SN 12345 at 2026-03-29 02:30:00!"
        #expect(profile.read(text: skipped, from: "10086") == .unrecognised)
    }

    private func answer(_ text: String, _ profile: CarrierProfile) throws -> CarrierAnswer {
        guard case .matched(let answer) = profile.read(text: text, from: "10086") else {
            throw Unmatched(text: text)
        }
        return answer
    }

    private struct Unmatched: Error {
        let text: String
    }

    /// Ten minutes before midnight the carrier's clock may be there.
    @Test(arguments: [
        ("2026-11-23T09:30:00Z", "2026-11-23T23:49:59Z", true),
        ("2026-11-23T09:30:00Z", "2026-11-23T23:50:00Z", false),
        ("2026-11-23T23:55:00Z", "2026-11-23T23:56:00Z", false),
        ("2026-11-24T00:09:00Z", "2026-11-24T00:10:00Z", false),
        ("2026-11-24T00:10:00Z", "2026-11-24T23:49:59Z", true),
    ])
    func aCarrierThatKnowsTheDayOnlyIsNotBelievedLater(
        armed: String,
        now: String,
        isKnown: Bool
    ) throws {
        let ofDay = try profile(
            wholeProfileText
                .replacing("history: {", with: "history: {same_day: true, ")
                .replacing("within: 1h, ", with: "same_day: true, ")
        )
        let armed = try #require(Timestamp(armed))
        let now = try #require(Timestamp(now))
        #expect(ofDay.isOnRecord(armedAt: armed, now: now) == isKnown)
        // It must arrive by then: the validity of five minutes and ten more.
        let asked = now.advanced(by: .seconds(-900))
        #expect(ofDay.mayReconfirm(armedAt: armed, now: asked) == isKnown)
    }
}
