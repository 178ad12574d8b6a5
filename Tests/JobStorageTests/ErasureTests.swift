import Foundation
import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// What retention and erasure take, and what they leave.
struct ErasureTests {
    private static let text = "recharge of 13800000001 done"

    /// A succeeded job for number 1, with evidence, its message, and one of a stranger quoting it.
    private static func shop() async throws -> (Workshop, Job) {
        let shop = try Workshop()
        try await shop.admit(1)
        var order = try Samples.order(1)
        (order.reference, order.note) = ("A-17", "Mrs Li")
        let job = try await shop.submit(order)
        let attempt = try await shop.takeAndArm(1)
        var settlement = Settlement(
            attempt: attempt.id,
            ending: .success(serial: "S1"),
            evidence: [Workshop.evidence(.success, raw: Array(text.utf8))],
            reason: "answer"
        )
        settlement.messages = [try message("0A", "10086", text)]
        _ = try await shop.store.settle(settlement, at: shop.start)
        return (shop, job)
    }

    private static func message(
        _ pdu: String,
        _ sender: String,
        _ text: String,
        isListed: Bool = true
    ) throws -> InboxMessage {
        var message = InboxMessage(
            sim: try Samples.iccid(1),
            pdu: pdu,
            sender: sender,
            text: text,
            sentAt: nil,
            isRead: true
        )
        message.isListed = isListed
        return message
    }

    private static func erase(_ shop: Workshop, _ index: Int) async throws -> Erasure {
        let number = try Samples.number(index)
        return try await shop.store.erase(
            number,
            national: String(number.e164.dropFirst(3)),
            reason: "asked for",
            by: .gateway,
            at: shop.start
        )
    }

    /// Nothing is sent to a number that is not there any more.
    @Test func whatWasProposedAboutAnErasedJobIsOver() async throws {
        let (shop, job) = try await Self.shop()
        let terms = ReversalTerms(within: .seconds(86_400), sameMonth: false, perMonth: nil)
        func reverse() async throws -> Proposal {
            try await shop.store.reverse(
                job.id,
                terms,
                reason: "r",
                people: 2,
                by: Workshop.mei,
                at: shop.start
            )
        }
        let proposal = try await reverse()
        #expect(try await Self.erase(shop, 1).jobs == 1)
        await #expect(throws: JobStoreError.self) {
            try await shop.approve(proposal, by: Workshop.lan, at: shop.start)
        }
        let refusal = await #expect(throws: JobStoreError.self) { _ = try await reverse() }
        #expect(refusal?.message.contains("its number was erased") == true)
    }

    /// The letter that a verdict stood on names the number, too.
    @Test func theFileOfAVerdictGoesWithTheNumber() async throws {
        let shop = try Workshop()
        let doubted = try await shop.doubted()
        let proposal = try await shop.resolve(doubted, .succeeded(serial: "S1"))
        #expect(try await shop.store.attachment(of: proposal.id)?.isEmpty == false)
        #expect(try await Self.erase(shop, 1).jobs == 1)
        #expect(try await shop.store.attachment(of: proposal.id) == [])
    }

    @Test func aNumberIsGoneFromEveryByteOfTheFolder() async throws {
        let (shop, job) = try await Self.shop()
        try await shop.store.file(
            [
                try Self.message("0B", "+8613800000001", "call me"),
                try Self.message("0C", "10086", "13800000001 is unknown"),
                try Self.message("0D", "10086", "something else"),
            ],
            at: shop.start
        )
        let erasure = try await Self.erase(shop, 1)
        #expect(erasure.jobs == 1 && erasure.messages == 3 && erasure.kept == 0)
        let erased = try #require(try await shop.store.job(job.id))
        #expect(erased.state == .succeeded && erased.serial == "S1")
        #expect(erased.order.number.isErased && erased.order.numberAsSubmitted == "erased")
        #expect(erased.order.reference == nil && erased.order.note == nil)
        let attempts = try await shop.store.attempts(of: job.id)
        #expect(attempts.first?.1.first?.raw == [] && attempts.first?.0.number.isErased == true)
        #expect(try await shop.store.verifyBooks().findings == [])
        #expect(try await shop.store.verifyChain(against: nil).findings == [])
        let inbox = try await shop.store.inbox(after: nil, limit: 10).elements.map(\.message)
        #expect(inbox.map(\.text) == ["something else", "", ""])
        #expect(inbox.map(\.sender) == ["10086", "10086", ""])
        for name in ["recharged.sqlite", "recharged.sqlite-wal"] {
            let bytes = try ErasureTests.bytes(shop.folder.path("state/\(name)"))
            for trace in ["13800000001", "Mrs Li", "A-17"] {
                #expect(!bytes.contains(trace), "\(trace) is in \(name)")
            }
        }
        try shop.reopen()
        #expect(try await shop.admit(1).closed.count == 1)
    }

    /// A date, a serial number or a longer number has the same digits.
    @Test func onlyTheNumberItselfIsBlanked() async throws {
        let (shop, _) = try await Self.shop()
        let texts = [
            "for 013800000001", "+8613800000001!", "0086-13800000001", "S13800000001",
            "138000000012", "2313800000001", "S20261123800000001",
        ]
        try await shop.store.file(
            try texts.enumerated().map { try Self.message("1\($0)", "10086", $1) },
            at: shop.start
        )
        #expect(try await Self.erase(shop, 1).messages == 5)
        let inbox = try await shop.store.inbox(after: nil, limit: 10).elements.map(\.message.text)
        #expect(inbox.reversed() == ["", "", "", ""] + texts[4...])
    }

    /// They may be all there is to settle it by.
    @Test func messagesAboutAJobThatIsLeftAloneStay() async throws {
        let (shop, job) = try await Self.shop()
        try await shop.store.file(
            [try Self.message("0C", "10086", Self.text + " late")],
            at: shop.start
        )
        try await Self.complain(shop, job)
        let erasure = try await Self.erase(shop, 1)
        #expect(erasure.kept == 1 && erasure.messages == 0)
        let inbox = try await shop.store.inbox(after: nil, limit: 10).elements
        #expect(inbox.map(\.message.text) == [Self.text + " late"])
    }

    private static func complain(_ shop: Workshop, _ job: Job) async throws {
        _ = try await shop.store.complain(
            job.id,
            reason: "late",
            dueAt: nil,
            by: .gateway,
            at: shop.start
        )
    }

    private static func bytes(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: Unicode.ASCII.self)
    }

    /// Whoever has the other rows of a file, or a list of numbers, could find the one by its digest.
    @Test func theDigestOfItsFileAndWhatItUsedGoWithIt() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let erased = try await shop.batch("b", first: 1, count: 1)
        let other = try await shop.batch("c", first: 2, count: 1)
        let uses = ClaimUses(number: UseLimits(perDay: UseLimit(count: 5)))
        for _ in 0..<2 { try await shop.succeed(try await shop.takeAndArm(1, uses: uses)) }
        func found(_ sql: String) throws -> [String] {
            try shop.store.pool.read { try String.fetchAll($0, sql: sql) }
        }
        let subjects = "SELECT subject FROM use ORDER BY subject"
        #expect(try found(subjects) == ["+8613800000001", "+8613800000002"])
        #expect(try await Self.erase(shop, 1).jobs == 1)
        #expect(try found(subjects) == ["+8613800000002"])
        #expect(
            try found("SELECT id || ' ' || (body_digest = x'00') FROM batch ORDER BY id")
                == ["\(erased) 1", "\(other) 0"]
        )
    }

    @Test func theSameOrderAgainIsNoNewOne() async throws {
        let (shop, _) = try await Self.shop()
        _ = try await Self.erase(shop, 1)
        var order = try Samples.order(1)
        (order.reference, order.note) = ("A-17", "Mrs Li")
        let repeated = order
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.store.submit(repeated, by: .gateway, at: shop.start)
        }
        #expect(refusal?.code == .conflict)
        #expect(refusal?.message.contains("do not send it again") == true)
    }

    /// To say that the key is known with another file would have the file sent under a new key.
    @Test func theSameFileAgainIsNoNewOne() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.batch("b", first: 1, count: 1)
        try await shop.succeed(try await shop.takeAndArm(1))
        #expect(try await Self.erase(shop, 1).jobs == 1)
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.batch("b", first: 1, count: 1)
        }
        #expect(refusal?.message.contains("do not send its file again") == true)
    }

    @Test func whatIsNotFinalOrInDisputeIsLeftAlone() async throws {
        let (shop, job) = try await Self.shop()
        try await Self.complain(shop, job)
        try await shop.submit(try Samples.order(2))
        #expect(try await Self.erase(shop, 1).kept == 1)
        #expect(try await Self.erase(shop, 2).kept == 1)
        #expect(try await shop.store.job(job.id)?.order.number.isErased == false)
        let events = try await shop.store.audit(AuditQuery()).elements
        #expect(events.allSatisfy { !"\($0)".contains("1380000000") })
    }

    @Test func textsOfStrangersAreBlankedAfterTheirTime() async throws {
        let (shop, _) = try await Self.shop()
        try await shop.store.file(
            [
                try Self.message("0B", "+8613911112222", "lottery", isListed: false),
                try Self.message("0C", "10086", "news"),
            ],
            at: shop.start
        )
        let day = Duration.seconds(86_400)
        func texts(after days: Int, _ retention: Retention) async throws -> [String] {
            let now = shop.start.advanced(by: day * days)
            _ = try await shop.store.retain(retention, at: now)
            let inbox = try await shop.store.inbox(after: nil, limit: 10)
            return inbox.elements.map(\.message.text)
        }
        var retention = Retention()
        #expect(try await texts(after: 6, retention) == ["news", "lottery"])
        #expect(try await texts(after: 8, retention) == ["news", ""])
        retention.messages = day * 30
        #expect(try await texts(after: 31, retention) == ["", ""])
        retention.numbers = day * 90
        _ = try await texts(after: 91, retention)
        #expect(try await shop.store.jobs(JobQuery()).elements[0].order.number.isErased)
        // The same message once more is the same message, and stays blank.
        try await shop.store.file([try Self.message("0C", "10086", "news")], at: shop.start)
        #expect(try await shop.store.inbox(after: nil, limit: 10).elements[0].message.text == "")
    }

    /// The clock may be what is wrong.
    @Test func onHoldNothingIsBlankedUntilTheRelease() async throws {
        let (shop, job) = try await Self.shop()
        try await shop.store.file(
            [try Self.message("0B", "+8613911112222", "lottery", isListed: false)],
            at: shop.start
        )
        var retention = Retention()
        retention.numbers = .seconds(86_400)
        func retain() async throws -> Erasure {
            let wrong = shop.start.advanced(by: .seconds(86_400) * 91)
            return try await shop.store.retain(retention, at: wrong)
        }
        try await shop.store.setHold(true, reason: "r", by: .gateway, at: shop.start)
        #expect(try await retain() == Erasure())
        let inbox = try await shop.store.inbox(after: nil, limit: 10)
        #expect(inbox.elements.map(\.message.text) == ["lottery"])
        #expect(try await shop.store.job(job.id)?.order.number.isErased == false)
        try await shop.store.setHold(false, reason: "r", by: .gateway, at: shop.start)
        let erasure = try await retain()
        #expect(erasure.jobs == 1 && erasure.messages == 2)
    }

    @Test func noTransactionLeavesAnErasureOpen() async throws {
        let (shop, _) = try await Self.shop()
        await #expect(throws: DatabaseError.self) {
            try await shop.store.pool.write { db in
                try db.execute(sql: "INSERT INTO erasure (id, jobs_before) VALUES (1, 9)")
            }
        }
    }
}
