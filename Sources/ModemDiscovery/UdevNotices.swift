import CUdev
import Glibc
import Synchronization

/// What udev, or the kernel where no udevd runs, tells about ttys.
///
/// The listener's queue and the scanning task both read the monitor, hence the lock. libudev
/// filters in the kernel, so other subsystems wake nobody.
final class UdevNotices: Sendable {
    let descriptor: CInt
    private let state: Mutex<State>

    private struct State: ~Copyable {
        let monitor: OpaquePointer
        var vanished: Set<String> = []

        init(monitor: OpaquePointer) {
            self.monitor = monitor
        }

        deinit {
            udev_monitor_unref(monitor)
        }
    }

    private init(monitor: sending OpaquePointer) {
        descriptor = udev_monitor_get_fd(monitor)
        state = Mutex(State(monitor: monitor))
    }

    static func open() -> Result<UdevNotices, NoticesUnavailable> {
        Result { () throws(NoticesUnavailable) in UdevNotices(monitor: try receivingMonitor()) }
    }

    /// Reads what there is to read.
    func take() {
        state.withLock { Self.read(into: &$0) }
    }

    func takeVanished() -> Set<String> {
        state.withLock { state in
            Self.read(into: &state)
            let vanished = state.vanished
            state.vanished = []
            return vanished
        }
    }

    private static func read(into state: inout State) {
        while let device = udev_monitor_receive_device(state.monitor) {
            defer { udev_device_unref(device) }
            guard let action = udev_device_get_action(device), String(cString: action) == "remove",
                let node = udev_device_get_devnode(device)
            else { continue }
            state.vanished.insert(String(cString: node))
        }
    }

    private static func receivingMonitor() throws(NoticesUnavailable) -> OpaquePointer {
        // udevd's own events never come, and without an error, where it does not run; the kernel's
        // always do.
        let origin = UdevDevices.isDaemonRunning ? "udev" : "kernel"
        guard let context = udev_new() else {
            throw NoticesUnavailable(call: "udev_new", code: errno)
        }
        // The monitor keeps the context alive.
        defer { udev_unref(context) }
        guard let monitor = udev_monitor_new_from_netlink(context, origin) else {
            throw NoticesUnavailable(call: "udev_monitor_new_from_netlink", code: errno)
        }
        var code = udev_monitor_filter_add_match_subsystem_devtype(monitor, "tty", nil)
        if code >= 0 { code = udev_monitor_enable_receiving(monitor) }
        guard code >= 0 else {
            udev_monitor_unref(monitor)
            throw NoticesUnavailable(call: "udev_monitor_enable_receiving", code: -code)
        }
        return monitor
    }
}
