package import Recharge

/// Switches turned by text, from a file or while the simulation runs.
///
/// ```
/// # ten seconds from the start every tenth answer is lost
/// at 10s: lose answers 10%
/// at 12s: modem 3: unplug after pdu
/// modem 3: plug
/// add 4
/// ```
package struct FaultScript: Hashable, Sendable {
    package var lines: [Line]

    package struct Line: Hashable, Sendable {
        /// Since the start; nil, or a time that has passed: at once.
        package var time: Duration?
        /// Nil: every transceiver, those that come later too.
        package var modem: Int?
        package var command: Command

        package init(time: Duration? = nil, modem: Int? = nil, _ command: Command) {
            self.time = time
            self.modem = modem
            self.command = command
        }
    }

    package enum Command: Hashable, Sendable {
        case promptLatency(Latency)
        case acceptLatency(Latency)
        case answerLatency(Latency)
        case networkLatency(Latency)
        case executionLatency(Latency)
        case lostAnswers(Double)
        case lostSubmits(Double)
        case lostReplies(Double)
        case lateAnswers(Delay)
        case lateReplies(Delay)
        case doubledAnswers(Double)
        case repeatedAnswers(Delay)
        case garbledAnswers(Double)
        case forgedAnswers(Double)
        case spoofedAnswers(Double)
        case reorderedAnswers(Double)
        /// One forged confirmation, at once.
        case forge(number: String, amount: Amount, sender: String)
        case quotedRequests(Double)
        case progressAnswers(Double)
        case refusals(Refusal, Double)
        case sendErrors(Int, Double)
        case unplugNow
        case unplugNext(UnplugStage)
        case unplugs(UnplugStage, Double)
        case plug
        /// The SIM and that of another transceiver change places; both lose power meanwhile.
        case swap(Int)
        case replugAfter(Duration?)
        case echo(EchoManner)
        case noise(Duration?)
        case silent(Bool)
        case typing(Duration?)
        case language(AnswerLanguage)
        case long(Bool)
        case chargesDuplicates(Bool)
        case offers(CentreService, Bool)
        case float(Amount)
        case topUp(Amount)
        case pin(PIN)
        case badNumber(String)
        case foreignNumber(String)
        case add(Int)
        case remove(Int)
        /// Back to good manners and no faults.
        case calm
    }

    package init(lines: [Line]) {
        self.lines = lines
    }

    /// Reads a whole script: a command per line, `#` begins a comment.
    package init(parsing text: String) throws(FaultScriptError) {
        lines = []
        let all = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in all.enumerated() {
            var parser = FaultScriptParser(line, lineNumber: number + 1)
            if let line = try parser.line() { lines.append(line) }
        }
    }
}

/// A mistake in a script, with its place.
package struct FaultScriptError: Error, Hashable, Sendable, CustomStringConvertible {
    /// From 1.
    package var line: Int
    /// Of the first wrong character, from 1.
    package var column: Int
    package var reason: String

    package var description: String { "line \(line), column \(column): \(reason)" }
}
