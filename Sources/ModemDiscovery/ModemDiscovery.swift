/// Watches for serial ports that come and go.
///
/// The kernel's notices (inotify, udev) only say when to look; what is there is then read from the
/// file system and from sysfs and compared with the ports known before. A lost notice is therefore
/// healed by the next scan, and what is kept grows with the number of ports, never with the number
/// of notices.
package struct ModemDiscovery: Sendable {
    private let sources: [PortSource]
    private let scanInterval: Duration

    /// - Parameters:
    ///   - sources: where to look; a port that several name arrives once, by the path of the first.
    ///   - scanInterval: how often to look without having been notified.
    package init(sources: [PortSource], scanInterval: Duration = .seconds(10)) {
        self.sources = sources.map { source in
            guard case .directory(var folder) = source else { return source }
            while folder.count > 1, folder.last == "/" { folder.removeLast() }
            return .directory(folder)
        }
        self.scanInterval = scanInterval
    }

    /// The ports that exist, as arrivals, and then every change.
    ///
    /// Each iteration watches for itself and reads small files on the task that iterates. It ends
    /// when that task is cancelled, and releases what it holds then or when the iterator is
    /// dropped.
    package func events() -> Events {
        Events(sources: sources, scanInterval: scanInterval)
    }

    /// The endless sequence of changes.
    package struct Events: AsyncSequence, Sendable {
        fileprivate let sources: [PortSource]
        fileprivate let scanInterval: Duration

        package func makeAsyncIterator() -> Iterator {
            Iterator(sources: sources, scanInterval: scanInterval)
        }
    }

    /// Looks for changes only when asked for the next one.
    package struct Iterator: AsyncIteratorProtocol {
        private let sources: [PortSource]
        /// Nil once the task was cancelled.
        private var watch: PortWatch?
        private var wakeUps: AsyncStream<Void>.Iterator
        private var census = PortCensus()
        private var reported: Set<PortEvent> = []
        private var pending: ArraySlice<PortEvent> = []

        fileprivate init(sources: [PortSource], scanInterval: Duration) {
            self.sources = sources
            let watch = PortWatch(usesUdev: sources.contains(.udev), scanInterval: scanInterval)
            self.watch = watch
            wakeUps = watch.wakeUps.makeAsyncIterator()
        }

        package mutating func next() async -> PortEvent? {
            while pending.isEmpty, watch != nil {
                guard await wakeUps.next(isolation: #isolation) != nil, let watch else {
                    watch = nil
                    return nil
                }
                pending = scan(watch)
            }
            return pending.popFirst()
        }

        private mutating func scan(_ watch: PortWatch) -> ArraySlice<PortEvent> {
            // Taken before looking: what vanishes from here on brings a notice of its own.
            let vanished = watch.takeVanished()
            var found: [PortCensus.Sighting] = []
            var failures: [PortEvent] = []
            for source in sources {
                let survey = PortSurvey.look(at: source)
                found += survey.sightings
                failures += survey.failures
            }
            let changes = census.update(found: found, vanished: vanished)
            failures += watch.follow(sources, nodePaths: census.nodePaths)
            return failures.filter { reported.insert($0).inserted } + changes[...]
        }
    }
}
