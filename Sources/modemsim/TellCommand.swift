import ArgumentParser
import Simulation

/// Turns the switches of a running simulation.
struct TellCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tell",
        abstract: "Turn a switch of a running simulation, or ask for its status.",
        discussion: """
            status                               everything, as JSON
            add 4 | remove 2 | modem 3: remove   transceivers
            unplug | modem 3: plug               all of them, or one
            modem 3: swap with 1                 their SIMs change places
            unplug after pdu [5%]                the next message, or a share; the stages are \
            before prompt, after prompt, after pdu, before reply
            replug 2s|off                        how soon a fault's victim comes back
            answer|accept|prompt|network|execution latency 1s..3s
            lose answers|submits|replies 10%     replies are +CMGS
            delay answers|replies 10% by 30s
            repeat answers 10% by 30s            once more, so much later
            double|garble|forge answers 10%      progress 10%
            spoof answers 10%                    forged, and from the centre's own number
            reorder answers 10%                  the next answer overtakes
            quote requests 10%                   with the PIN, before the answer
            forge 13800138000 50 [from 10086]    one forged confirmation, now
            refuse number|foreign|busy|limit|float|pin|duplicate 10%
            cms error 38 10%                     a coin says if it was sent
            balance|history|reconfirm|reverse on|off  what the centre offers
            duplicates charge|refuse             float 500   pin 0000
            topup 100                            is paid into the float
            bad number 13800000000               foreign number 17000000000
            echo on|off|doubled   noise 1s|off   silent on|off   typing 2ms|off
            language zh|en|mixed  long on|off    calm
            Each may begin with “at 5s:”, counted from the start, and with “modem 3:”.
            """
    )

    @Argument(help: "The folder of the running simulation.")
    var directory: String

    @Argument(help: "The command, as one or more words.")
    var command: [String]

    func run() throws {
        print(try obeyed(command.joined(separator: " "), in: directory))
    }
}

/// Tells the simulation in a folder one line; its answer, or a throw where it refuses.
func obeyed(_ line: String, in directory: String) throws -> String {
    let client = try ControlClient(socketPath: PoolDirectory(path: directory).controlSocket)
    let answer = try client.tell(line)
    if answer.hasPrefix("error: ") {
        throw SimulationError("obey", directory, String(answer.dropFirst("error: ".count)))
    }
    return answer
}
