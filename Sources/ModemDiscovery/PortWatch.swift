import Dispatch
import Glibc

/// Listens to the kernel for anything that may change the set of ports, and to a clock.
///
/// It says when to look and which paths were gone meanwhile; it does not look itself. Dropping it
/// releases everything.
final class PortWatch {
    /// An element per reason to look, the first at once; reasons not yet heard count once.
    let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let queue = DispatchQueue(label: "recharged.discovery")
    private let folders: Result<FolderNotices, NoticesUnavailable>
    private let devices: Result<UdevNotices, NoticesUnavailable>?
    private var listeners: [any DispatchSourceProtocol] = []

    init(usesUdev: Bool, scanInterval: Duration) {
        (wakeUps, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        folders = FolderNotices.open()
        devices = usesUdev ? UdevNotices.open() : nil
        if case .success(let notices) = folders {
            listen(to: notices.descriptor) { notices.take() }
        }
        if case .success(let notices) = devices {
            listen(to: notices.descriptor) { notices.take() }
        }
        startClock(scanInterval)
        wake.yield()
    }

    deinit {
        // The descriptors are closed when their listeners, which share them, are gone too.
        for listener in listeners { listener.cancel() }
        wake.finish()
    }

    /// The paths that went away since the last call, even if they are there again.
    func takeVanished() -> Set<String> {
        var vanished: Set<String> = []
        if case .success(let notices) = folders { vanished.formUnion(notices.takeVanished()) }
        if case .success(let notices) = devices { vanished.formUnion(notices.takeVanished()) }
        return vanished
    }

    /// Listens to the folders in which these sources and nodes live, and to no other.
    ///
    /// A folder that is new here may have changed before it was listened to: that is a reason to
    /// look again.
    func follow(_ sources: [PortSource], nodePaths: [String]) -> [PortEvent] {
        var failures: [PortEvent] = []
        var wanted = Set(nodePaths.map(FolderNotices.folder(of:)))
        for source in sources {
            switch source {
            case .udev:
                if case .failure(let error) = devices {
                    failures.append(.failed(source, reason: error.description))
                }
                continue
            case .list(let paths): wanted.formUnion(paths.map(FolderNotices.folder(of:)))
            case .directory(let folder): wanted.insert(folder)
            }
            if case .failure(let error) = folders {
                failures.append(.failed(source, reason: error.description))
            }
        }
        if case .success(let notices) = folders, notices.follow(wanted) { wake.yield() }
        return failures
    }

    private func listen(to descriptor: CInt, _ take: @escaping @Sendable () -> Void) {
        let listener = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        start(listener, take)
    }

    private func startClock(_ interval: Duration) {
        let (seconds, attoseconds) = interval.components
        let period = DispatchTimeInterval.nanoseconds(
            Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        )
        let clock = DispatchSource.makeTimerSource(queue: queue)
        clock.schedule(deadline: .now() + period, repeating: period)
        start(clock) {}
    }

    private func start(
        _ listener: any DispatchSourceProtocol,
        _ take: @escaping @Sendable () -> Void
    ) {
        let handler: @Sendable () -> Void = { [wake] in
            take()
            wake.yield()
        }
        listener.setEventHandler(handler: handler)
        listener.resume()
        listeners.append(listener)
    }
}

/// Changes cannot be heard of, only found by the periodic scan.
struct NoticesUnavailable: Error, CustomStringConvertible {
    var call: String
    var code: CInt

    var description: String {
        "\(call): \(String(cString: strerror(code))); changes are noticed by the periodic scan only"
    }
}
