import GRDBSQLite

/// The index of a write-ahead log, shared by the handles of one file; it dies with the machine.
struct SharedMemory {
    private struct Slot {
        var shared: Set<Int> = []
        var exclusive: Int?
    }

    private var regions: [UnsafeMutableRawPointer] = []
    private var slots = [Slot](repeating: Slot(), count: Int(SQLITE_SHM_NLOCK))
    private var handles: Set<Int> = []

    /// A region of the memory; nil when there is none yet and none may be made.
    mutating func region(
        _ index: Int,
        byteCount: Int,
        extend: Bool,
        for handle: Int
    ) -> UnsafeMutableRawPointer? {
        handles.insert(handle)
        while extend, regions.count <= index {
            let region = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 4096)
            region.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
            regions.append(region)
        }
        return index < regions.count ? regions[index] : nil
    }

    /// Takes or gives up locks; false when another handle stands in the way.
    mutating func lock(_ range: Range<Int>, _ flags: Int32, by handle: Int) -> Bool {
        if flags & SQLITE_SHM_UNLOCK != 0 {
            for index in range { release(index, by: handle) }
            return true
        }
        let isShared = flags & SQLITE_SHM_SHARED != 0
        let isFree = range.allSatisfy { index in
            let slot = slots[index]
            guard slot.exclusive ?? handle == handle else { return false }
            return isShared || slot.shared.subtracting([handle]).isEmpty
        }
        guard isFree else { return false }
        for index in range {
            if isShared {
                slots[index].shared.insert(handle)
            } else {
                slots[index].exclusive = handle
            }
        }
        return true
    }

    private mutating func release(_ index: Int, by handle: Int) {
        slots[index].shared.remove(handle)
        if slots[index].exclusive == handle { slots[index].exclusive = nil }
    }

    /// Ends a handle's part in the memory, which goes with the last one.
    mutating func unmap(by handle: Int) {
        for index in slots.indices { release(index, by: handle) }
        guard handles.remove(handle) != nil, handles.isEmpty else { return }
        for region in regions { region.deallocate() }
        regions = []
    }
}
