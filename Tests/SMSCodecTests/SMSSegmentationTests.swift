import Testing

@testable import SMSCodec

struct SMSSegmentationTests {
    private func parts(
        _ text: String,
        wide: Bool = false,
        alphabet: SMSAlphabet? = nil
    ) throws -> [UserData] {
        try SMSSegmentation.submits(
            text: text,
            to: try SMSAddress(number: "10086"),
            reference: wide ? .wide(0x0102) : .narrow(3),
            validity: .relative(0),
            alphabet: alphabet
        ).map(\.userData)
    }

    @Test(
        arguments: [
            ("a", false, 160, [160]), ("a", false, 161, [153, 8]), ("a", true, 161, [152, 9]),
            ("a", false, 306, [153, 153]), ("a", false, 307, [153, 153, 1]),
            ("a", true, 305, [152, 152, 1]),
            ("a", false, 0, [0]),
        ] as [(String, Bool, Int, [Int])]
    )
    func gsm7PartsAreAsLongAsTheyCanBe(
        unit: String,
        wide: Bool,
        count: Int,
        expected: [Int]
    ) throws {
        let parts = try parts(String(repeating: unit, count: count), wide: wide)
        #expect(parts.map(\.payload.count) == expected)
        #expect(parts.allSatisfy { $0.concatenation != nil } == (expected.count > 1))
    }

    @Test(
        arguments: [
            (false, 70, [140]), (false, 71, [134, 8]), (true, 71, [132, 10]),
            (false, 134, [134, 134]),
        ] as [(Bool, Int, [Int])]
    )
    func ucs2PartsAreAsLongAsTheyCanBe(wide: Bool, count: Int, expected: [Int]) throws {
        let parts = try parts(String(repeating: "充", count: count), wide: wide)
        #expect(parts.map(\.payload.count) == expected)
    }

    @Test(
        arguments: [(false, 140, [140]), (false, 141, [134, 7]), (true, 141, [133, 8])]
            as [(Bool, Int, [Int])]
    )
    func octetPartsAreAsLongAsTheyCanBe(wide: Bool, count: Int, expected: [Int]) throws {
        let parts = try parts(String(repeating: "é", count: count), wide: wide, alphabet: .octets)
        #expect(parts.map(\.payload.count) == expected)
    }

    @Test func escapePairIsNeverSplit() throws {
        let single = try parts(String(repeating: "a", count: 158) + "€")
        #expect(single.map(\.payload.count) == [160])
        let tooLong = try parts(String(repeating: "a", count: 159) + "€")
        #expect(tooLong.map(\.payload.count) == [153, 8])
        let atTheEdge = try parts(String(repeating: "a", count: 152) + "€" + "bbbbbbbbbb")
        #expect(atTheEdge.map(\.payload.count) == [152, 12])
        #expect(atTheEdge[1].payload.prefix(2) == [0x1B, 0x65])
        let wide = try parts(String(repeating: "a", count: 151) + "€" + "bbbbbbbbbb", wide: true)
        #expect(wide.map(\.payload.count) == [151, 12])
    }

    @Test func surrogatePairIsNeverSplit() throws {
        let edge = try parts(String(repeating: "充", count: 66) + "😀" + "值值值")
        #expect(edge.map(\.payload.count) == [132, 10])
        #expect(try edge[1].text() == "😀值值值")
        let emoji = try parts(String(repeating: "😀", count: 36))
        #expect(emoji.map(\.payload.count) == [132, 12])
        #expect(try parts(String(repeating: "😀", count: 35)).count == 1)
    }

    @Test func partsShareAReferenceAndAreNumberedFromOne() throws {
        for wide in [false, true] {
            let places = try parts(String(repeating: "x", count: 500), wide: wide)
                .map(\.concatenation)
            #expect(places.compactMap { $0?.number } == [1, 2, 3, 4])
            #expect(places.allSatisfy { $0?.total == 4 })
            let reference: ConcatenationReference = wide ? .wide(0x0102) : .narrow(3)
            #expect(places.allSatisfy { $0?.reference == reference })
        }
    }

    @Test func encodedPartsNeverExceedOneMessage() throws {
        for alphabet in SMSAlphabet.allCases {
            for wide in [false, true] {
                for part in try parts(
                    String(repeating: "x", count: 700),
                    wide: wide,
                    alphabet: alphabet
                ) {
                    var octets: [UInt8] = []
                    part.append(to: &octets)
                    #expect(octets.count <= 141)
                }
            }
        }
    }

    @Test func at255PartsTheTextEnds() throws {
        #expect(try parts(String(repeating: "a", count: 255 * 153)).count == 255)
        let error = PDUError.encoding(.userData, .tooLong(256, limit: 255, unit: .parts))
        #expect(throws: error) { try parts(String(repeating: "a", count: 255 * 153 + 1)) }
    }

    @Test func flagsReachEachPart() throws {
        let submits = try SMSSegmentation.submits(
            text: String(repeating: "a", count: 200),
            to: try SMSAddress(number: "10086"),
            reference: .narrow(1),
            validity: .relative(5),
            requestStatusReport: true,
            rejectDuplicates: true
        )
        #expect(submits.count == 2)
        #expect(
            submits.allSatisfy {
                $0.requestStatusReport && $0.rejectDuplicates && $0.validity == .relative(5)
            }
        )
        let delivers = try SMSSegmentation.delivers(
            text: String(repeating: "a", count: 400),
            from: try SMSAddress(number: "10086"),
            timestamp: try sampleTimestamp(),
            reference: .narrow(1)
        )
        #expect(delivers.map(\.moreMessages) == [true, true, false])
    }
}
