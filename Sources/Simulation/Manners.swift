/// How long something takes: fixed, or anything between two bounds.
package struct Latency: Hashable, Sendable {
    package var least: Duration
    package var most: Duration

    package init(_ least: Duration, _ most: Duration? = nil) {
        self.least = least
        self.most = most ?? least
    }

    package static let none = Latency(.zero)
}

/// How often something comes late, and by how much.
package struct Delay: Hashable, Sendable {
    package var percent: Double
    package var duration: Duration

    package init(percent: Double, duration: Duration) {
        self.percent = percent
        self.duration = duration
    }

    package static let never = Delay(percent: 0, duration: .zero)
}

/// Where in the sending of a message a transceiver is unplugged.
///
/// ```
/// AT+CMGS=n CR   beforePrompt
/// >              afterPrompt: the prompt is out, the payload is never read
/// PDU Ctrl-Z     afterPDU: no +CMGS comes, and the radio may or may not have sent it (a coin)
/// +CMGS: mr OK   beforeReply: the centre's answer finds the transceiver gone and waits
/// ```
package enum UnplugStage: String, Hashable, Sendable, CaseIterable {
    case beforePrompt = "before prompt"
    case afterPrompt = "after prompt"
    case afterPDU = "after pdu"
    case beforeReply = "before reply"
}

/// What a transceiver does with the characters that it is sent.
package enum EchoManner: String, Hashable, Sendable, CaseIterable {
    /// As `ATE` says.
    case obedient = "on"
    /// Never, whatever `ATE` says.
    case never = "off"
    /// Each command line twice while `ATE1` holds.
    case doubled
}

/// The manners of one transceiver; the defaults are those of a good one.
package struct Manners: Hashable, Sendable {
    /// From `AT+CMGS` to the prompt.
    package var promptLatency = Latency.none
    /// From Ctrl-Z to `+CMGS`; the message leaves for the network at the end of it.
    package var acceptLatency = Latency.none
    /// `+CMGS: n` and its `OK` that never come although the message was sent, in percent.
    package var lostReplies: Double = 0
    package var lateReplies = Delay.never
    /// `+CMS ERROR: code` instead of `+CMGS`, in percent.
    ///
    /// Where the code refuses the request itself nothing was sent; behind any other one a coin says
    /// whether the radio sent it all the same.
    package var sendErrors: [Int: Double] = [:]
    package var unplugs: [UnplugStage: Double] = [:]
    /// Unplugged at this stage of the next message, once.
    package var nextUnplug: UnplugStage?
    package var echo = EchoManner.obedient
    /// The time between two unsolicited lines that nobody asked for.
    package var noise: Duration?
    /// Takes everything and says nothing.
    package var isSilent = false
    /// The time that each character of its answers takes.
    package var typing: Duration?

    package init() {}
}

/// The language of the centre's answers.
package enum AnswerLanguage: String, Hashable, Sendable, CaseIterable {
    case chinese = "zh"
    case english = "en"
    /// One or the other, by chance.
    case mixed
}

/// What the network and the recharge centre do wrong for one SIM; the defaults are no faults.
package struct Faults: Hashable, Sendable {
    /// From the network to the centre.
    ///
    /// A message that outlives its validity there never arrives.
    package var networkLatency = Latency.none
    /// Messages that a modem acknowledged and the centre never sees, in percent.
    package var lostSubmits: Double = 0
    /// From the request's arrival to its execution; meanwhile no record tells of it.
    package var executionLatency = Latency.none
    /// From the charge to the answer.
    package var answerLatency = Latency.none
    package var lostAnswers: Double = 0
    package var lateAnswers = Delay.never
    /// Answers that come twice at once.
    package var doubledAnswers: Double = 0
    /// Answers that come once more after so long.
    package var repeatedAnswers = Delay.never
    package var garbledAnswers: Double = 0
    /// Something that looks like success, from a stranger's number with an invented serial, before
    /// the true answer.
    package var forgedAnswers: Double = 0
    /// The same from the centre's own number, with a balance that is not the one it would leave.
    ///
    /// Sender, number, amount and an unseen serial are all as they should be: a list of senders is
    /// necessary and never sufficient. Only balance arithmetic tells such an answer from a true
    /// one, and only where the float before is known: nothing at all would tell a forger who
    /// guesses the float. Confirmations of recharges, reconfirmations and reversals are spoofed;
    /// records and floats are not, since nobody could tell those.
    package var spoofedAnswers: Double = 0
    /// Answers that arrive only after the next one to the same SIM, or ten seconds later.
    package var reorderedAnswers: Double = 0
    /// Requests that the centre quotes before it answers, PIN and all, in percent.
    package var quotedRequests: Double = 0
    /// "In progress" before the final answer, in percent.
    package var progressAnswers: Double = 0
    /// Requests that the centre would have executed and refuses instead, in percent.
    package var refusals: [Refusal: Double] = [:]
    package var language = AnswerLanguage.chinese
    /// Answers with a tail that makes them concatenated messages.
    package var isLong = false

    package init() {}
}
