import Foundation
import Glibc
import ModemDiscovery
import SerialPorts
import Synchronization

/// A folder of links to real pseudo-terminals, one for each name, removed at the end.
final class PortFolder: Sendable {
    struct Failure: Error {
        var code = errno
    }

    /// For what must not be in the watched folder itself.
    let parent: String
    let path: String
    private let terminals = Mutex<[String: PseudoTerminal]>([:])

    init() throws {
        var template = Array("/tmp/ports.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure() }
        parent = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = "\(parent)/ports"
        guard mkdir(path, 0o755) == 0 else { throw Failure() }
    }

    deinit {
        terminals.withLock { for terminal in $0.values { close(terminal.masterDescriptor) } }
        try? FileManager.default.removeItem(atPath: parent)
    }

    /// The tty to which links of this name lead; the same each time.
    func terminal(_ name: String) throws -> String {
        try terminals.withLock { terminals in
            if let known = terminals[name] { return known.slavePath }
            let new = try PseudoTerminal.open()
            terminals[name] = new
            return new.slavePath
        }
    }

    func link(_ name: String) throws {
        try link("\(path)/\(name)", to: terminal(name))
    }

    func link(_ path: String, to target: String) throws {
        guard symlink(target, path) == 0 else { throw Failure() }
    }

    func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o755) == 0 else { throw Failure() }
    }

    func remove(_ name: String) {
        unlink("\(path)/\(name)")
    }

    func arrival(_ name: String) -> PortEvent {
        .arrived(DiscoveredPort(path: "\(path)/\(name)"))
    }

    func departure(_ name: String) -> PortEvent {
        .departed(path: "\(path)/\(name)")
    }
}
