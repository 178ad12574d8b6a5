/// Something that went wrong in a simulated world, as it happens: what proofs count.
package enum Mishap: String, Hashable, Sendable, CaseIterable {
    /// An acknowledged message that never reached the centre.
    case lostSubmit = "lost submit"
    /// `+CMGS` that never came although the message was sent.
    case lostReply = "lost reply"
    case lateReply = "late reply"
    case sendError = "send error"
    /// An answer that never came, told when it would have.
    case lostAnswer = "lost answer"
    case lateAnswer = "late answer"
    /// The second of two alike.
    case doubledAnswer = "doubled answer"
    /// The same again after a while.
    case repeatedAnswer = "repeated answer"
    case garbledAnswer = "garbled answer"
    case forgedAnswer = "forged answer"
    case spoofedAnswer = "spoofed answer"
    case reorderedAnswer = "reordered answer"
    case refusal
    case unplugBeforePrompt = "unplug before prompt"
    case unplugAfterPrompt = "unplug after prompt"
    case unplugAfterPDU = "unplug after pdu"
    case unplugBeforeReply = "unplug before reply"
    case swap

    init(_ stage: UnplugStage) {
        self =
            switch stage {
            case .beforePrompt: .unplugBeforePrompt
            case .afterPrompt: .unplugAfterPrompt
            case .afterPDU: .unplugAfterPDU
            case .beforeReply: .unplugBeforeReply
            }
    }
}
