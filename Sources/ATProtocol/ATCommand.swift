/// One command line for the modem, with what is known of its answer.
///
/// Three dialogues exist:
///
///     AT+CSQ<CR>             AT+CMGS=23<CR>            AT+CUSD=1,"*100#"<CR>   (once)
///     +CSQ: 17,99            >                         OK
///     OK                     0011000B91...<Ctrl-Z>
///                            +CMGS: 12
///                            OK
package struct ATCommand: Hashable, Sendable {
    /// Whether the channel may write the command again after silence or garble.
    package enum Repeatability: Hashable, Sendable {
        /// Written up to `tries` times in all; the port is resynchronised before each repeat.
        case repeatable(tries: Int)
        /// Written at most once, whatever happens.
        ///
        /// The commit point is the Ctrl-Z if the command prompts, else its own carriage return.
        case once
    }

    /// What must have been read before `OK` counts as success.
    package enum Proof: Hashable, Sendable {
        /// `OK` is enough.
        case result
        /// At least one information line.
        case information
        /// A `+CMGS: <mr>` that parses; two different references prove nothing.
        case messageReference
    }

    /// The line without its carriage return: printable ASCII.
    package var line: String
    /// How the information lines start, such as `+CPMS:`.
    ///
    /// Lines that start otherwise are indications. With nil any line that is not a known
    /// indication belongs to the answer.
    package var informationPrefix: String?
    /// Whether each information line is followed by a line of hex digits, as in `+CMGR`.
    package var informationHasBody: Bool
    package var proof: Proof
    /// The longest wait for the result, counted from the payload if the command prompts.
    package var resultTimeout: Duration
    /// The longest wait for `> `; nil if the command does not prompt.
    package var promptTimeout: Duration?
    package var repeatability: Repeatability

    package init(
        _ line: String,
        informationPrefix: String? = nil,
        informationHasBody: Bool = false,
        proof: Proof = .result,
        resultTimeout: Duration = .seconds(5),
        promptTimeout: Duration? = nil,
        repeatability: Repeatability
    ) {
        self.line = line
        self.informationPrefix = informationPrefix
        self.informationHasBody = informationHasBody
        self.proof = proof
        self.resultTimeout = resultTimeout
        self.promptTimeout = promptTimeout
        self.repeatability = repeatability
    }
}

extension ATCommand: CustomStringConvertible {
    /// The command's name without its parameters, which may hold a PIN or a number.
    package var description: String {
        let end = line.firstIndex { $0 == "=" || $0 == "?" || $0 == "\"" } ?? line.endIndex
        return end == line.endIndex ? line : "\(line[..<end])…"
    }
}

extension ATCommand {
    /// Whether the line can be written without becoming two lines or a control sequence.
    var isWritable: Bool { !line.isEmpty && line.utf8.allSatisfy(\.isPrintableASCII) }

    /// Whether a call's progress (`NO CARRIER`, `BUSY`) is a result of this command.
    ///
    /// For every other command it is the end of somebody's incoming call.
    var dials: Bool { line.utf8.starts(with: "ATD".utf8) }

    /// Whether the line is an information line of this command's answer.
    ///
    /// `+CREG: 1` is an indication even while `AT+CREG?` waits for its `+CREG: 0,1`.
    func owns(_ line: String) -> Bool {
        guard let informationPrefix, line.utf8.starts(with: informationPrefix.utf8) else {
            return false
        }
        return informationPrefix != RegistrationState.prefix
            || RegistrationState(readResponse: line) != nil
    }
}

extension UInt8 {
    var isPrintableASCII: Bool { self >= 0x20 && self < 0x7F }
}
