import ArgumentParser
import ControlAPI
import Recharge

/// What the shell offers for an argument: asked of the daemon, and nothing when it does not answer.
enum Suggestions {
    /// A shell that waits for longer is a nuisance.
    private static let within = Duration.milliseconds(200)
    private static let countMax = 50

    static let batches = CompletionKind.custom { words, _, _ in
        let page: PageView<BatchView>? = await ask(words, list(ControlPath.batches))
        return (page?.items ?? []).map { word($0.id, "\($0.name), \($0.state.rawValue)") }
    }

    static let jobs = CompletionKind.custom { words, _, _ in
        let page: PageView<JobView>? = await ask(words, list(ControlPath.jobs))
        return (page?.items ?? []).map { word($0.id, $0.state.rawValue) }
    }

    static let sims = CompletionKind.custom { words, _, _ in
        let page: PageView<SIMView>? = await ask(words, ControlPath.sims)
        return (page?.items ?? []).map { word($0.iccid, "\($0.carrier), \($0.state.rawValue)") }
    }

    static let carriers = CompletionKind.custom { words, _, _ in
        let page: PageView<ProfileView>? = await ask(words, ControlPath.profiles)
        return (page?.items ?? []).map { word($0.id, $0.name) }
    }

    /// An identity, with a description where the shell can show one: the others would insert it.
    private static func word(_ id: some CustomStringConvertible, _ description: String) -> String {
        CompletionShell.requesting == .zsh ? "\(id):\(description)" : "\(id)"
    }

    private static func list(_ path: String) -> String {
        ControlPath.with([("limit", String(countMax))], path)
    }

    private static func ask<Value: Decodable & Sendable>(
        _ words: [String],
        _ path: String
    ) async -> Value? {
        var options = GlobalOptions()
        options.socket = socket(in: words)
        options.json = false
        options.noColor = false
        do {
            return try await ControlClient.withConnection(
                toFirstOf: options.candidates(for: .question),
                answerWithin: within
            ) { try await $0.get(path) }
        } catch {
            // A suggestion is a courtesy: without the daemon there is none.
            return nil
        }
    }

    /// The socket that the command line names so far.
    static func socket(in words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if word.hasPrefix("--socket=") { return String(word.dropFirst("--socket=".count)) }
            if word == "--socket", index + 1 < words.count { return words[index + 1] }
        }
        return nil
    }
}
