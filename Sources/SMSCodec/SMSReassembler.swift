/// Puts the parts of long messages together, in whatever order and however often they arrive.
///
/// Parts belong together when originator, reference and its width, total and alphabet agree and
/// their time stamps lie within `spread` of each other. Nothing is lost silently: each part ends
/// in a complete message, a repetition, a contested reference, or a partial message that expired
/// or was dropped. A tag names where the caller stored the part.
///
/// Reads no clock. After a restart the caller accepts its stored parts again.
package struct SMSReassembler<Tag: Hashable & Sendable>: Sendable {
    private let expiryMilliseconds: Int64
    private let spreadMilliseconds: Int64
    private let partialsMax: Int
    private var assemblies: [Key: Assembly] = [:]
    private var assembliesBegun: UInt64 = 0

    /// A message that is still incomplete `expiry` after its first part arrived is given up.
    ///
    /// At most `partialsMax` references are remembered, complete ones included. References repeat
    /// after 256 messages: `spread`, which is `expiry` unless given, tells a busy sender's messages
    /// apart where parts were lost.
    package init(expiry: Duration, spread: Duration? = nil, partialsMax: Int = 64) {
        expiryMilliseconds = Self.milliseconds(expiry)
        spreadMilliseconds = Self.milliseconds(spread ?? expiry)
        self.partialsMax = max(1, partialsMax)
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let bounded = min(max(seconds, 0), Int64(Int32.max))
        return bounded * 1000 + attoseconds / 1_000_000_000_000_000
    }

    /// Takes a message that arrived; one without parts is complete at once.
    package mutating func accept(
        _ deliver: SMSDeliver,
        tag: Tag,
        at utcMilliseconds: Int64
    ) -> Outcome {
        guard let place = deliver.userData.concatenation, place.total > 1 else {
            let part = Part(number: 1, tag: tag, deliver: deliver)
            return Self.outcome(of: [part], first: part)
        }
        let key = Key(
            originator: deliver.originator,
            reference: place.reference,
            total: place.total,
            alphabet: deliver.userData.codingScheme.alphabet,
            isCompressed: deliver.userData.codingScheme.isCompressed
        )
        let part = Part(number: Int(place.number), tag: tag, deliver: deliver)
        guard let known = assemblies[key] else {
            return begin(key, with: part, at: utcMilliseconds, dropped: makeRoom())
        }
        if let same = known.parts.first(where: { $0.isRepeated(by: part) }) {
            return .repeated(of: same.tag)
        }
        if isStale(known, for: part, at: utcMilliseconds) {
            assemblies[key] = nil
            return begin(key, with: part, at: utcMilliseconds, dropped: known.partial(key))
        }
        return add(part, to: known, key)
    }

    /// Gives up the incomplete messages whose time has come, oldest first.
    package mutating func expire(at utcMilliseconds: Int64) -> [Partial] {
        let due = assemblies.filter { isOverdue($0.value, at: utcMilliseconds) }
        for key in due.keys { assemblies[key] = nil }
        return due.sorted { $0.value.serial < $1.value.serial }
            .compactMap { $0.value.partial($0.key) }
    }

    private mutating func begin(
        _ key: Key,
        with part: Part,
        at utcMilliseconds: Int64,
        dropped: Partial?
    ) -> Outcome {
        assemblies[key] = Assembly(
            state: .gathering,
            parts: [part],
            begunAt: utcMilliseconds,
            serial: assembliesBegun
        )
        assembliesBegun += 1
        return .incomplete(have: 1, of: Int(key.total), dropped: dropped)
    }

    private mutating func add(_ part: Part, to known: Assembly, _ key: Key) -> Outcome {
        var assembly = known
        if assembly.state == .contested { return .contested([part]) }
        guard !assembly.parts.contains(where: { $0.number == part.number }) else {
            assembly.state = .contested
            let parts = assembly.parts + [part]
            assembly.contestedTimes = parts.compactMap(\.deliver.timestamp.utcMilliseconds)
            assembly.parts = []
            assemblies[key] = assembly
            return .contested(parts)
        }
        assembly.parts.append(part)
        guard assembly.parts.count == Int(key.total) else {
            assemblies[key] = assembly
            return .incomplete(have: assembly.parts.count, of: Int(key.total), dropped: nil)
        }
        assembly.parts.sort { $0.number < $1.number }
        assembly.state = .complete
        assemblies[key] = assembly
        return Self.outcome(of: assembly.parts, first: assembly.parts[0])
    }

    /// Forgets the oldest complete or contested message, else the oldest incomplete one.
    private mutating func makeRoom() -> Partial? {
        guard assemblies.count >= partialsMax else { return nil }
        let spent = assemblies.filter { $0.value.state != .gathering }
        let candidates = spent.isEmpty ? assemblies : spent
        guard let oldest = candidates.min(by: { $0.value.serial < $1.value.serial }) else {
            return nil
        }
        assemblies[oldest.key] = nil
        return oldest.value.partial(oldest.key)
    }

    /// Whether a part belongs to a later message than the one under its key.
    private func isStale(_ known: Assembly, for part: Part, at utcMilliseconds: Int64) -> Bool {
        if known.state == .complete || isOverdue(known, at: utcMilliseconds) { return true }
        guard let time = part.deliver.timestamp.utcMilliseconds else { return false }
        let times = known.parts.compactMap(\.deliver.timestamp.utcMilliseconds)
        return (times + known.contestedTimes).contains { abs(time - $0) > spreadMilliseconds }
    }

    private func isOverdue(_ assembly: Assembly, at utcMilliseconds: Int64) -> Bool {
        let (age, overflow) = utcMilliseconds.subtractingReportingOverflow(assembly.begunAt)
        return overflow ? utcMilliseconds > assembly.begunAt : age >= expiryMilliseconds
    }

    private static func outcome(of parts: [Part], first: Part) -> Outcome {
        let payload = parts.flatMap(\.deliver.userData.payload)
        do throws(PDUError) {
            let text = try UserData.text(payload, first.deliver.userData.codingScheme)
            return .complete(
                Message(
                    originator: first.deliver.originator,
                    text: text,
                    timestamp: first.deliver.timestamp,
                    tags: parts.map(\.tag)
                )
            )
        } catch {
            return .unreadable(error, tags: parts.map(\.tag))
        }
    }
}
