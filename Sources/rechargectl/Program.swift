import ArgumentParser
import Glibc
import NIOCore

/// Where the program begins: reads the arguments, runs the command, and ends with its status.
@main
enum Program {
    static func main() async {
        // A client has one connection: more threads would only cost time.
        NIOSingletons.groupLoopCountSuggestion = 1
        NIOSingletons.blockingPoolThreadCountSuggestion = 1
        exit(await status().rawValue)
    }

    private static func status() async -> ExitStatus {
        do {
            var command = try await Rechargectl.asyncParseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return .done
        } catch let failure as Failure {
            Console.complain(failure.message)
            return failure.status
        } catch let ending as Ending {
            return ending.status
        } catch {
            return finish(parser: error)
        }
    }

    /// A negative number looks like an option, so what the parser misses is there to be seen.
    private static func negative(behind complaint: Substring) -> String? {
        guard complaint.hasPrefix("Missing") else { return nil }
        let number = CommandLine.arguments.dropFirst().first {
            $0.first == "-" && $0.dropFirst().first?.isNumber == true
        }
        return number.map { "\($0) is negative: write a number above nothing. " }
    }

    /// Ends as the argument parser wants: with help or a version, or with a complaint about usage.
    private static func finish(parser error: any Error) -> ExitStatus {
        let message = Rechargectl.fullMessage(for: error)
        guard Rechargectl.exitCode(for: error) != .success else {
            do {
                try Console.put(message.isEmpty ? "" : message + "\n")
                return .done
            } catch {
                Console.complain(error.message)
                return error.status
            }
        }
        let prefix = "Error: "
        let complaint = message.hasPrefix(prefix) ? message.dropFirst(prefix.count) : message[...]
        Console.complain((negative(behind: complaint) ?? "") + complaint)
        return Rechargectl.exitCode(for: error) == .validationFailure ? .usage : .internalError
    }
}
