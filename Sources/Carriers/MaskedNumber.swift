package import Recharge

/// A subscriber's number of which a carrier shows only the ends: `138****8000`.
///
/// It never proves whose number it is; it can only contradict one.
package struct MaskedNumber: Hashable, Sendable {
    package let lead: String
    package let hiddenCount: Int
    package let tail: String
    /// Whether a plus sign stood before it.
    package let isInternational: Bool

    /// Nil unless at least four digits show, at least one is hidden, and it is 5 to 15 digits long.
    init?(lead: String, hiddenCount: Int, tail: String, isInternational: Bool) {
        let shownCount = lead.utf8.count + tail.utf8.count
        guard shownCount >= 4, hiddenCount >= 1, (5...15).contains(shownCount + hiddenCount)
        else { return nil }
        self.lead = lead
        self.hiddenCount = hiddenCount
        self.tail = tail
        self.isInternational = isInternational
    }

    /// Whether what shows agrees with a number, written nationally or with its country code.
    package func agrees(with number: PhoneNumber, plan: NumberPlan) -> Bool {
        let international = String(number.e164.dropFirst())
        let national = plan.national(number)
        let spellings = isInternational ? [international] : [international, national]
        let length = lead.utf8.count + hiddenCount + tail.utf8.count
        return spellings.contains { spelling in
            guard let spelling, spelling.utf8.count == length else { return false }
            return spelling.hasPrefix(lead) && spelling.hasSuffix(tail)
        }
    }
}

extension MaskedNumber: CustomStringConvertible {
    /// As the carrier wrote it.
    package var description: String {
        (isInternational ? "+" : "") + lead + String(repeating: "*", count: hiddenCount) + tail
    }
}
