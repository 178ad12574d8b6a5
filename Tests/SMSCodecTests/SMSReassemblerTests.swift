import Testing

@testable import SMSCodec

struct SMSReassemblerTests {
    private typealias Reassembler = SMSReassembler<Int>
    private static let minute: Int64 = 60_000

    private func delivers(
        _ text: String,
        reference: ConcatenationReference = .narrow(1),
        from number: String = "10086",
        plusSeconds: Int64 = 0,
        alphabet: SMSAlphabet? = nil
    ) throws -> [SMSDeliver] {
        try SMSSegmentation.delivers(
            text: text,
            from: try SMSAddress(number: number),
            timestamp: try sampleTimestamp(plusSeconds: plusSeconds),
            reference: reference,
            alphabet: alphabet
        )
    }

    private func long(_ letter: Character) -> String {
        String(repeating: letter, count: 160) + "."
    }

    @Test func messageWithoutPartsIsCompleteAtOnce() throws {
        var reassembler = Reassembler(expiry: .seconds(60))
        let answer = try delivers("余额 5.00")[0]
        for tag in [7, 8] {
            let outcome = reassembler.accept(answer, tag: tag, at: 0)
            #expect(
                outcome
                    == .complete(
                        .init(
                            originator: answer.originator,
                            text: "余额 5.00",
                            timestamp: answer.timestamp,
                            tags: [tag]
                        )
                    )
            )
        }
    }

    @Test func partsInAnyOrderMakeTheMessageWithTagsInPartOrder() throws {
        let text = String(repeating: "0123456789", count: 40)
        let parts = try delivers(text)
        #expect(parts.count == 3)
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            var reassembler = Reassembler(expiry: .seconds(60))
            #expect(
                reassembler.accept(parts[order[0]], tag: order[0], at: 0)
                    == .incomplete(have: 1, of: 3, dropped: nil)
            )
            #expect(
                reassembler.accept(parts[order[1]], tag: order[1], at: 1)
                    == .incomplete(have: 2, of: 3, dropped: nil)
            )
            let outcome = reassembler.accept(parts[order[2]], tag: order[2], at: 2)
            guard case .complete(let message) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(message.text == text)
            #expect(message.tags == [0, 1, 2] && message.partCount == 3)
        }
    }

    @Test func timestampIsThatOfTheFirstPart() throws {
        var reassembler = Reassembler(expiry: .seconds(60))
        let early = try delivers(long("a"), plusSeconds: 0)
        let late = try delivers(long("a"), plusSeconds: 5)
        _ = reassembler.accept(early[1], tag: 1, at: 0)
        guard case .complete(let message) = reassembler.accept(late[0], tag: 0, at: 0) else {
            Issue.record("incomplete")
            return
        }
        #expect(message.timestamp == late[0].timestamp)
    }

    @Test func partsThatArriveTwiceAreRepetitionsBeforeAndAfterTheWhole() throws {
        var reassembler = Reassembler(expiry: .seconds(60))
        let parts = try delivers(long("a"))
        _ = reassembler.accept(parts[0], tag: 10, at: 0)
        #expect(reassembler.accept(parts[0], tag: 11, at: 1) == .repeated(of: 10))
        guard case .complete = reassembler.accept(parts[1], tag: 12, at: 2) else {
            Issue.record("incomplete")
            return
        }
        #expect(reassembler.accept(parts[0], tag: 13, at: 3) == .repeated(of: 10))
        #expect(reassembler.accept(parts[1], tag: 14, at: 4) == .repeated(of: 12))
        #expect(reassembler.expire(at: Self.minute).isEmpty)
    }

    @Test func referencesSendersWidthsTotalsAndAlphabetsNeverMix() throws {
        let base = try delivers(long("a"))
        let others = [
            try delivers(long("b"), reference: .narrow(2)),
            try delivers(long("b"), reference: .wide(1)),
            try delivers(long("b"), from: "+8610086"),
            try delivers(long("b") + long("b")),
            try delivers(long("b"), alphabet: .octets),
        ]
        for other in others {
            var reassembler = Reassembler(expiry: .seconds(60))
            _ = reassembler.accept(base[0], tag: 0, at: 0)
            let outcome = reassembler.accept(other[1], tag: 1, at: 0)
            #expect(outcome == .incomplete(have: 1, of: other.count, dropped: nil))
            guard case .complete(let message) = reassembler.accept(base[1], tag: 2, at: 0) else {
                Issue.record("incomplete")
                continue
            }
            #expect(message.text == long("a"))
        }
    }

    @Test func twoMessagesUnderOneReferenceAreContestedAndNeverJoined() throws {
        var reassembler = Reassembler(expiry: .seconds(60))
        let first = try delivers(long("a"))
        let second = try delivers(long("b"), plusSeconds: 1)
        _ = reassembler.accept(first[0], tag: 0, at: 0)
        let clash = reassembler.accept(second[0], tag: 1, at: 1)
        guard case .contested(let parts) = clash else {
            Issue.record("\(clash)")
            return
        }
        #expect(parts.map(\.tag) == [0, 1])
        for (tag, part) in [(2, first[1]), (3, second[1])] {
            let outcome = reassembler.accept(part, tag: tag, at: 2)
            #expect(outcome == .contested([.init(number: 2, tag: tag, deliver: part)]))
        }
        #expect(reassembler.expire(at: Self.minute).isEmpty)
        let next = try delivers(long("c"), plusSeconds: 120)
        _ = reassembler.accept(next[0], tag: 4, at: 2 * Self.minute)
        guard case .complete = reassembler.accept(next[1], tag: 5, at: 2 * Self.minute) else {
            Issue.record("still contested")
            return
        }
    }

    @Test func aContestedReferenceIsFreeForAMessageOfAnotherTime() throws {
        var reassembler = Reassembler(expiry: .seconds(3600), spread: .seconds(30))
        _ = reassembler.accept(try delivers(long("a"))[1], tag: 0, at: 0)
        _ = reassembler.accept(try delivers(long("b"), plusSeconds: 1)[1], tag: 1, at: 1)
        let next = try delivers(long("c"), plusSeconds: 60)
        _ = reassembler.accept(next[0], tag: 2, at: 2)
        guard case .complete = reassembler.accept(next[1], tag: 3, at: 2) else {
            Issue.record("still contested")
            return
        }
    }

    @Test func referenceMayBeUsedAgainAfterTheWhole() throws {
        var reassembler = Reassembler(expiry: .seconds(60))
        for (round, letter) in ["a", "b", "c"].enumerated() {
            let parts = try delivers(long(Character(letter)), plusSeconds: Int64(round))
            #expect(
                reassembler.accept(parts[0], tag: 0, at: 0)
                    == .incomplete(have: 1, of: 2, dropped: nil)
            )
            guard case .complete(let message) = reassembler.accept(parts[1], tag: 1, at: 0) else {
                Issue.record("incomplete")
                continue
            }
            #expect(message.text == long(Character(letter)))
        }
    }

    @Test func sameTextUnderTheSameReferenceLaterIsANewMessage() throws {
        var reassembler = Reassembler(expiry: .seconds(60))
        for seconds in Int64(0)..<3 {
            let parts = try delivers(long("a"), plusSeconds: seconds)
            _ = reassembler.accept(parts[0], tag: 0, at: 0)
            guard case .complete = reassembler.accept(parts[1], tag: 1, at: 0) else {
                Issue.record("taken for a repetition")
                return
            }
        }
    }

    @Test func partsWhoseTimeStampsLieFarApartAreNotJoined() throws {
        var reassembler = Reassembler(expiry: .seconds(60))
        let old = try delivers(long("a"))
        let new = try delivers(long("b"), plusSeconds: 61)
        _ = reassembler.accept(old[0], tag: 0, at: 0)
        let outcome = reassembler.accept(new[1], tag: 1, at: 1)
        guard case .incomplete(have: 1, of: 2, let dropped?) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(dropped.parts.map(\.tag) == [0])
    }

    @Test func incompleteMessagesExpireWithTheirPartsOldestFirst() throws {
        var reassembler = Reassembler(expiry: .seconds(60))
        let one = try delivers(long("a"), reference: .narrow(1))
        let two = try delivers(long("b"), reference: .narrow(2))
        _ = reassembler.accept(two[1], tag: 20, at: 0)
        _ = reassembler.accept(one[0], tag: 10, at: 1)
        #expect(reassembler.expire(at: Self.minute - 1).isEmpty)
        let expired = reassembler.expire(at: Self.minute + 1)
        #expect(expired.map(\.reference) == [.narrow(2), .narrow(1)])
        #expect(expired.map { $0.parts.map(\.tag) } == [[20], [10]])
        #expect(expired.map(\.total) == [2, 2])
        #expect(reassembler.expire(at: .max).isEmpty)
        #expect(
            reassembler.accept(one[1], tag: 11, at: Self.minute + 2)
                == .incomplete(have: 1, of: 2, dropped: nil)
        )
    }

    @Test func partAfterTheExpiryIsNotJoinedEvenWhenNobodyAskedToExpire() throws {
        var reassembler = Reassembler(expiry: .seconds(60))
        let parts = try delivers(long("a"))
        _ = reassembler.accept(parts[0], tag: 0, at: 0)
        let outcome = reassembler.accept(parts[1], tag: 1, at: Self.minute)
        guard case .incomplete(have: 1, of: 2, let dropped?) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(dropped.parts.map(\.tag) == [0])
    }

    @Test func oldestIncompleteMessageIsDroppedAndReportedWhenFull() throws {
        var reassembler = Reassembler(expiry: .seconds(60), partialsMax: 2)
        var dropped: [Int] = []
        for reference in UInt8(0)..<5 {
            let part = try delivers(long("a"), reference: .narrow(reference))[0]
            let outcome = reassembler.accept(part, tag: Int(reference), at: 0)
            guard case .incomplete(have: 1, of: 2, let partial) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            dropped += partial?.parts.map(\.tag) ?? []
        }
        #expect(dropped == [0, 1, 2])
        #expect(reassembler.expire(at: .max).flatMap { $0.parts.map(\.tag) } == [3, 4])
    }

    @Test func completeMessagesGiveWayFirst() throws {
        var reassembler = Reassembler(expiry: .seconds(60), partialsMax: 2)
        let pending = try delivers(long("a"), reference: .narrow(1))
        let whole = try delivers(long("b"), reference: .narrow(2))
        _ = reassembler.accept(pending[0], tag: 0, at: 0)
        _ = reassembler.accept(whole[0], tag: 1, at: 0)
        _ = reassembler.accept(whole[1], tag: 2, at: 0)
        let third = try delivers(long("c"), reference: .narrow(3))
        #expect(
            reassembler.accept(third[0], tag: 3, at: 0)
                == .incomplete(have: 1, of: 2, dropped: nil)
        )
        guard case .complete = reassembler.accept(pending[1], tag: 4, at: 0) else {
            Issue.record("the incomplete message gave way")
            return
        }
    }

    @Test func pairsThatASenderSplitAreJoinedBeforeReading() throws {
        let scheme = DataCodingScheme(alphabet: .ucs2)
        let halves: [[UInt8]] = [[0x51, 0x45, 0xD8, 0x3D], [0xDE, 0x00]]
        var reassembler = Reassembler(expiry: .seconds(60))
        var last: Reassembler.Outcome?
        for (number, payload) in zip(UInt8(1)...2, halves) {
            let place = try #require(
                Concatenation(reference: .narrow(9), total: 2, number: number)
            )
            let part = SMSDeliver(
                from: try SMSAddress(number: "10086"),
                timestamp: try sampleTimestamp(),
                userData: try UserData(
                    codingScheme: scheme,
                    header: [place.element],
                    payload: payload
                )
            )
            last = reassembler.accept(part, tag: Int(number), at: 0)
        }
        guard case .complete(let message) = last else {
            Issue.record("incomplete")
            return
        }
        #expect(message.text == "充😀")
    }

    @Test func unreadableTextIsAValueThatNamesTheParts() throws {
        var reassembler = Reassembler(expiry: .seconds(60))
        let odd = SMSDeliver(
            from: try SMSAddress(number: "10086"),
            timestamp: try sampleTimestamp(),
            userData: try UserData(
                codingScheme: DataCodingScheme(alphabet: .ucs2),
                payload: [0x51]
            )
        )
        guard case .unreadable(_, tags: [5]) = reassembler.accept(odd, tag: 5, at: 0) else {
            Issue.record("read")
            return
        }
    }

    @Test func extremeClocksNeverTrap() throws {
        let parts = try delivers(long("a"))
        for (first, second) in [(Int64.min, Int64.max), (.max, .min), (0, .min), (.min, 0)] {
            var reassembler = Reassembler(expiry: .seconds(Int64.max))
            _ = reassembler.accept(parts[0], tag: 0, at: first)
            _ = reassembler.expire(at: second)
            _ = reassembler.accept(parts[1], tag: 1, at: second)
        }
    }
}
