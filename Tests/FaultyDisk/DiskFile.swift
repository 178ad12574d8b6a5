import TestSupport

/// A file as programs see it, and as it lies on the platter.
struct DiskFile: Sendable {
    private enum Change {
        case write([UInt8], at: Int)
        case resize(Int)
    }

    static let sectorBytes = 512

    /// What a read gives.
    private(set) var live: [UInt8] = []
    /// What a power cut leaves for certain.
    private var durable: [UInt8] = []
    /// What was done since the last sync, in order.
    private var pending: [Change] = []

    mutating func write(_ octets: UnsafeRawBufferPointer, at offset: Int) {
        let octets = Array(octets)
        DiskFile.apply(octets, at: offset, to: &live)
        pending.append(.write(octets, at: offset))
    }

    mutating func resize(to count: Int) {
        DiskFile.resize(&live, to: count)
        pending.append(.resize(count))
    }

    mutating func sync() {
        for change in pending {
            switch change {
            case .write(let octets, let offset): DiskFile.apply(octets, at: offset, to: &durable)
            case .resize(let count): DiskFile.resize(&durable, to: count)
            }
        }
        pending.removeAll()
    }

    /// What a failed sync does on Linux: the pages stay readable, count as clean, and no later sync
    /// writes them.
    mutating func forgetPending() {
        pending.removeAll()
    }

    /// The file that a machine finds when its power is back.
    func afterPowerCut(_ loss: PowerLoss, using generator: inout SplitMix64) -> DiskFile {
        var survivor = durable
        var sizes = [durable.count]
        var frozen: Set<Int> = []
        for change in pending {
            switch change {
            case .write(let octets, let offset):
                sizes.append(max(sizes[sizes.count - 1], offset + octets.count))
                for piece in DiskFile.pieces(from: offset, count: octets.count)
                where !frozen.contains(piece.lowerBound / DiskFile.sectorBytes) {
                    var part = Array(octets[piece.lowerBound - offset..<piece.upperBound - offset])
                    if generator.chance(loss.freezePercent) {
                        frozen.insert(piece.lowerBound / DiskFile.sectorBytes)
                        guard generator.chance(loss.garbagePercent) else { continue }
                        for index in part.indices {
                            part[index] = UInt8(truncatingIfNeeded: generator.next())
                        }
                    }
                    DiskFile.apply(part, at: piece.lowerBound, to: &survivor)
                }
            case .resize(let count):
                sizes.append(count)
                if loss.freezePercent < 100, count < survivor.count {
                    DiskFile.resize(&survivor, to: count)
                }
            }
        }
        let size =
            switch loss.freezePercent {
            case 0: live.count
            case 100: durable.count
            default: sizes[generator.next(below: sizes.count)]
            }
        DiskFile.resize(&survivor, to: size)
        var file = DiskFile()
        file.live = survivor
        file.durable = survivor
        return file
    }

    /// The parts of a range that lie in one sector each.
    private static func pieces(from offset: Int, count: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = offset
        while start < offset + count {
            let end = min((start / sectorBytes + 1) * sectorBytes, offset + count)
            pieces.append(start..<end)
            start = end
        }
        return pieces
    }

    private static func apply(_ octets: [UInt8], at offset: Int, to file: inout [UInt8]) {
        if file.count < offset + octets.count { resize(&file, to: offset + octets.count) }
        file.withUnsafeMutableBytes { target in
            octets.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + octets.count])
                    .copyMemory(from: source)
            }
        }
    }

    private static func resize(_ file: inout [UInt8], to count: Int) {
        if count < file.count {
            file.removeLast(file.count - count)
        } else {
            file.append(contentsOf: repeatElement(0, count: count - file.count))
        }
    }
}
