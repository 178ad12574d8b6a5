package import TestSupport

/// All files of a disk, by name; a value, so that a moment can be kept.
package struct DiskImage: Sendable {
    /// What a name stands for: on the platter, and after each change of the folder since.
    private struct Entry {
        var durable: Int?
        var changes: [Int?] = []

        var current: Int? { changes.isEmpty ? durable : changes[changes.count - 1] }
    }

    private var entries: [String: Entry] = [:]
    private var files: [Int: DiskFile] = [:]
    private var lastNode = 0

    package init() {}

    var names: [String] { entries.filter { $0.value.current != nil }.map(\.key).sorted() }

    func node(of name: String) -> Int? { entries[name]?.current }

    subscript(node: Int) -> DiskFile {
        get { files[node] ?? DiskFile() }
        _modify { yield &files[node, default: DiskFile()] }
    }

    mutating func create(_ name: String) -> Int {
        lastNode += 1
        files[lastNode] = DiskFile()
        entries[name, default: Entry()].changes.append(lastNode)
        return lastNode
    }

    mutating func delete(_ name: String, isSynced: Bool) {
        entries[name]?.changes.append(nil)
        if isSynced { entries[name] = Entry() }
    }

    /// Makes a file durable, and with it, as ext4, XFS and Btrfs do, the name it was made under.
    mutating func sync(_ node: Int, name: String) {
        files[node]?.sync()
        if entries[name]?.current == node { entries[name] = Entry(durable: node) }
    }

    /// What a machine finds when its power is back.
    package func afterPowerCut(
        _ loss: PowerLoss,
        using generator: inout SplitMix64
    ) -> DiskImage {
        var image = DiskImage()
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let kept =
                switch loss.freezePercent {
                case 0: entry.changes.count
                case 100: 0
                default: generator.next(below: entry.changes.count + 1)
                }
            guard let node = kept == 0 ? entry.durable : entry.changes[kept - 1],
                let file = files[node]
            else { continue }
            let survivor = image.create(name)
            image.files[survivor] = file.afterPowerCut(loss, using: &generator)
            image.sync(survivor, name: name)
        }
        return image
    }
}
