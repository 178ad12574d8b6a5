extension SimulatedModem {
    /// Takes bytes until there are none, or a command takes time.
    mutating func readBacklog() {
        var position = 0
        while position < backlog.count {
            if case .executing = input { break }
            let byte = backlog[position]
            position += 1
            switch input {
            case .command: readCommand(byte)
            case .payload(let draft): readPayload(byte, draft)
            case .executing: break
            }
        }
        // An unplugging in the middle has emptied it already.
        backlog.removeFirst(min(position, backlog.count))
    }

    private mutating func readCommand(_ byte: UInt8) {
        echo(byte)
        switch byte {
        case ASCII.carriageReturn:
            let command = line
            line.removeAll(keepingCapacity: true)
            if echoes, manners.echo == .doubled { output += command + [ASCII.carriageReturn] }
            interpret(command)
        case ASCII.backspace:
            _ = line.popLast()
        case 0x20...0x7E, 0x80...:
            guard line.count < Self.lineBytesMax else { return }
            line.append(byte)
        default:
            // Line feeds, and the ESC or Ctrl-Z of a program that thinks there is a prompt.
            break
        }
    }

    private mutating func readPayload(_ byte: UInt8, _ draft: Draft) {
        switch byte {
        case ASCII.controlZ:
            input = .command
            finish(draft, payload: line)
        case ASCII.escape:
            // 3GPP 27.005 §3.5.1: nothing is sent, and the answer is OK.
            line.removeAll()
            input = .command
            succeed([])
        case ASCII.carriageReturn:
            echo(byte)
            guard draft.isText else { return }
            line.append(ASCII.lineFeed)
            output += Self.prompt
        case ASCII.backspace where draft.isText:
            echo(byte)
            _ = line.popLast()
        case ASCII.lineFeed:
            break
        default:
            echo(byte)
            guard line.count < Self.lineBytesMax else { return }
            line.append(byte)
        }
    }

    private var echoes: Bool { settings.echoes && manners.echo != .never }

    private mutating func echo(_ byte: UInt8) {
        if echoes { output.append(byte) }
    }

    private mutating func interpret(_ bytes: [UInt8]) {
        guard bytes.contains(where: { $0 > 0x20 }) else { return }
        guard var parser = ATCommandLine(bytes) else {
            // A tty that echoes gives a modem its own words back: answering them would never end.
            if !Self.isOwnWord(bytes) { fail(.plain) }
            return
        }
        guard let commands = parser.commands() else {
            fail(.plain)
            return
        }
        var lines: [String] = []
        for command in commands {
            do throws(CommandError) {
                switch try reply(to: command) {
                case .lines(let more): lines += more
                case .prompt(let draft):
                    prompt(draft)
                    return
                case .sending(let draft, let submit):
                    accept(submit, for: draft)
                    return
                case .noCarrier:
                    finish("NO CARRIER", number: 3)
                    return
                }
            } catch {
                for line in lines { respond(line) }
                fail(error)
                return
            }
        }
        succeed(lines)
    }

    private static func isOwnWord(_ bytes: [UInt8]) -> Bool {
        let word = String(decoding: bytes, as: UTF8.self)
        return ["OK", "ERROR", "NO CARRIER", "RING", ">"].contains(word)
            || bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "^")
    }

    static let prompt = Array("\r\n> ".utf8)
    private static let lineBytesMax = 4096
}

extension SimulatedModem {
    /// One information line.
    mutating func respond(_ text: String) {
        output += "\r\n\(text)\r\n".utf8
    }

    mutating func succeed(_ lines: [String]) {
        input = .command
        for line in lines { respond(line) }
        finish("OK", number: 0)
    }

    mutating func fail(_ error: CommandError) {
        input = .command
        finish(error.line(level: settings.errorLevel), number: 4)
    }

    private mutating func finish(_ words: String, number: Int) {
        input = .command
        line.removeAll(keepingCapacity: true)
        guard !settings.isQuiet else { return releaseIndications() }
        output += settings.isVerbose ? "\r\n\(words)\r\n".utf8 : "\(number)\r".utf8
        releaseIndications()
    }

    /// An unsolicited line; kept while a prompt is open, where it would spoil the payload's echo.
    mutating func indicate(_ text: String) {
        let bytes = Array("\r\n\(text)\r\n".utf8)
        if case .payload = input {
            heldIndications += bytes
        } else {
            output += bytes
        }
    }

    private mutating func releaseIndications() {
        output += heldIndications
        heldIndications.removeAll()
    }
}
