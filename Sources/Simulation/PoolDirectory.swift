import Glibc

/// The folder in which the simulated transceivers appear and disappear.
///
/// ```
/// DIR/modem01 → /dev/pts/7     appears in one step with its tty, gone when it is unplugged
/// DIR/control.sock
/// ```
package struct PoolDirectory: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    package var controlSocket: String { "\(path)/control.sock" }

    package func link(of index: Int) -> String {
        "\(path)/modem\(index < 10 ? "0" : "")\(index)"
    }

    /// Makes the folder and those above it; false with `errno` set when one cannot be made.
    private func makeFolders() -> Bool {
        var ends = path.indices.filter { path[$0] == "/" && $0 > path.startIndex }
        ends.append(path.endIndex)
        return ends.allSatisfy { mkdir(String(path[..<$0]), 0o755) == 0 || errno == EEXIST }
    }

    /// Makes the folder if need be and clears what a killed simulation left in it.
    ///
    /// Throws when another one is running there.
    func prepare() throws(SimulationError) {
        guard makeFolders() else {
            throw SimulationError("make the folder", path, errno: errno)
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw SimulationError("use the folder", path, errno: errno)
        }
        if (try? ControlClient(socketPath: controlSocket)) != nil {
            throw SimulationError(
                "use the folder",
                path,
                "another modemsim runs there; stop it or name another folder"
            )
        }
        for index in 1..<1000 { remove(index) }
    }

    /// Points a name at a tty, in one step for those who watch the folder.
    func place(_ index: Int, at target: String) throws(SimulationError) {
        let draft = "\(path)/.modem\(index).new"
        unlink(draft)
        guard symlink(target, draft) == 0, rename(draft, link(of: index)) == 0 else {
            throw SimulationError("link the transceiver", link(of: index), errno: errno)
        }
    }

    /// Takes a name away; anything but a link stays.
    func remove(_ index: Int) {
        var target: CChar = 0
        guard readlink(link(of: index), &target, 1) >= 0 else { return }
        unlink(link(of: index))
    }
}
