import TestSupport
import Testing

@testable import SMSCodec

struct SMSRoundTripTests {
    private static let gsm7Letters = Array("abc XYZ 0123456789 @£$¥èéùì\n\r€{}[]~|^\\ΔΦΓ")
    private static let anyLetters = Array("充值成功余额abc 0123😀👍🏽€é\n")

    /// Several messages at once, cut, sent as digits, shuffled, some parts twice.
    @Test(arguments: [UInt64](0..<40))
    func shuffledAndRepeatedPartsGiveBackEachText(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var reassembler = SMSReassembler<Int>(expiry: .seconds(3600))
        var texts: [String] = []
        var frames: [String] = []
        for reference in UInt8(0)..<12 {
            let text = randomText(using: &random)
            texts.append(text)
            let parts = try SMSSegmentation.delivers(
                text: text,
                from: try SMSAddress(number: "10086"),
                timestamp: try sampleTimestamp(plusSeconds: Int64(reference)),
                reference: Bool.random(using: &random)
                    ? .narrow(reference) : .wide(UInt16(reference) << 8)
            )
            for part in parts {
                let copies = parts.count > 1 && Bool.random(using: &random) ? 2 : 1
                let frame = PDUFrame(tpdu: .deliver(part)).hex
                frames += Array(repeating: frame, count: copies)
            }
        }
        frames.shuffle(using: &random)
        var received: [String] = []
        var accountedFor: Set<Int> = []
        for (tag, hex) in frames.enumerated() {
            let frame = try PDUFrame(hex: hex, direction: .mobileTerminated)
            guard case .deliver(let deliver) = frame.tpdu else { continue }
            switch reassembler.accept(deliver, tag: tag, at: Int64(tag)) {
            case .complete(let message):
                received.append(message.text)
                accountedFor.formUnion(message.tags)
            case .repeated: accountedFor.insert(tag)
            case .incomplete(_, _, let dropped): #expect(dropped == nil)
            case .contested, .unreadable: Issue.record("seed \(seed): tag \(tag)")
            }
        }
        #expect(received.sorted() == texts.sorted())
        #expect(accountedFor.count == frames.count)
        #expect(reassembler.expire(at: .max).isEmpty)
    }

    private func randomText(using random: inout SplitMix64) -> String {
        let letters = Bool.random(using: &random) ? Self.gsm7Letters : Self.anyLetters
        let length = Int.random(in: 0...700, using: &random)
        return String((0..<length).compactMap { _ in letters.randomElement(using: &random) })
    }
}
