/// The ports known so far, and what changed since they were last counted.
struct PortCensus {
    /// One port as one source names it.
    struct Sighting: Hashable {
        var port: DiscoveredPort
        var node: Node
    }

    /// A device node: two paths lead to the same port when their nodes are equal.
    struct Node: Hashable {
        /// The path without links.
        var path: String
        var fileSystem: UInt64
        /// A node that was removed and made again has another one on devtmpfs, though not on
        /// devpts.
        var inode: UInt64
    }

    private var known: [Sighting] = []

    var nodePaths: [String] { known.map(\.node.path) }

    /// Compares what is there with what was: departures first, then arrivals in the order found.
    ///
    /// A known port keeps its path as long as that path leads to its node, even if an earlier
    /// source names it too by now. A path in `vanished` was gone in between, so its port departs
    /// even if it is there again.
    mutating func update(found: [Sighting], vanished: Set<String>) -> [PortEvent] {
        let present = Set(found.map { Place($0) })
        let staying = known.filter { sighting in
            present.contains(Place(sighting)) && !vanished.contains(sighting.port.path)
                && !vanished.contains(sighting.node.path)
        }
        let stayingPlaces = Set(staying.map { Place($0) })
        let departures = known.filter { !stayingPlaces.contains(Place($0)) }
        var nodes = Set(staying.map(\.node))
        // Two sources may read one path while it changes; the next scan finds it settled.
        var paths = Set(staying.map(\.port.path))
        let arrivals = found.filter { sighting in
            guard !nodes.contains(sighting.node), paths.insert(sighting.port.path).inserted else {
                return false
            }
            nodes.insert(sighting.node)
            return true
        }
        known = staying + arrivals
        return departures.map { .departed(path: $0.port.path) } + arrivals.map { .arrived($0.port) }
    }

    private struct Place: Hashable {
        var path: String
        var node: Node

        init(_ sighting: Sighting) {
            path = sighting.port.path
            node = sighting.node
        }
    }
}
