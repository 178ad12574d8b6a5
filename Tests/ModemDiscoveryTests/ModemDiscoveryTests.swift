import Foundation
import Glibc
import ModemDiscovery
import SerialPorts
import Testing

/// What a folder's ports do is seen at once, and everything is closed afterwards.
@Suite(.timeLimit(.minutes(5)))
struct ModemDiscoveryTests {
    /// So long that only the kernel's notices can make a test pass.
    private static let never = Duration.seconds(3600)
    private static let often = Duration.milliseconds(5)

    @Test func portsThatExistArriveFirstAndThenEveryChangeIsTold() async throws {
        let folder = try PortFolder()
        try folder.link("b")
        try folder.link("a")
        var events = watch(.directory(folder.path))
        #expect(await events.next() == folder.arrival("a"))
        #expect(await events.next() == folder.arrival("b"))
        try folder.link("c")
        #expect(await events.next() == folder.arrival("c"))
        folder.remove("a")
        #expect(await events.next() == folder.departure("a"))
    }

    @Test func aChangeIsToldToAConsumerThatWaitsAlready() async throws {
        let folder = try PortFolder()
        try folder.link("first")
        let (reports, report) = AsyncStream<PortEvent>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let sources: [PortSource] = [.directory(folder.path)]
                let discovery = ModemDiscovery(sources: sources, scanInterval: Self.never)
                for await event in discovery.events() { report.yield(event) }
            }
            var heard = reports.makeAsyncIterator()
            #expect(await heard.next() == folder.arrival("first"))
            try folder.link("second")
            #expect(await heard.next() == folder.arrival("second"))
            folder.remove("first")
            #expect(await heard.next() == folder.departure("first"))
            group.cancelAll()
        }
    }

    @Test func aPortThatWasReplacedUnseenDepartsAndArrivesInThisOrder() async throws {
        let folder = try PortFolder()
        try folder.link("a")
        var events = watch(.directory(folder.path))
        #expect(await events.next() == folder.arrival("a"))
        // Notices are not kept one by one: many changes between two looks are one departure and one
        // arrival.
        for _ in 0..<500 {
            folder.remove("a")
            try folder.link("a")
        }
        try folder.link("z")
        #expect(await events.next() == folder.departure("a"))
        #expect(await events.next() == folder.arrival("a"))
        #expect(await events.next() == folder.arrival("z"))
        folder.remove("z")
        #expect(await events.next() == folder.departure("z"))
    }

    @Test func aLinkTurnedToAnotherPortIsAnotherPort() async throws {
        let folder = try PortFolder()
        try folder.link("a")
        var events = watch(.directory(folder.path))
        #expect(await events.next() == folder.arrival("a"))
        try folder.link("\(folder.parent)/new", to: folder.terminal("new"))
        #expect(rename("\(folder.parent)/new", "\(folder.path)/a") == 0)
        #expect(await events.next() == folder.departure("a"))
        #expect(await events.next() == folder.arrival("a"))
    }

    @Test func aPortNamedByTwoSourcesArrivesOnceByTheFirst() async throws {
        let folder = try PortFolder()
        try folder.link("a")
        var events = watch(
            .list([try folder.terminal("a")]),
            .directory(folder.path),
            .list(["\(folder.path)/a"])
        )
        let plain = DiscoveredPort(path: try folder.terminal("a"))
        #expect(await events.next() == .arrived(plain))
        folder.remove("a")
        try folder.link("b")
        #expect(await events.next() == folder.arrival("b"))
    }

    @Test func aFolderThatIsMadeLaterIsWatchedFromThenOn() async throws {
        let folder = try PortFolder()
        try folder.link("a")
        let late = "\(folder.parent)/serial/by-id"
        var events = watch(.directory(folder.path), .directory(late + "/"))
        #expect(await events.next() == folder.arrival("a"))
        try folder.makeFolder("\(folder.parent)/serial")
        try folder.makeFolder(late)
        try folder.link("\(late)/modem", to: folder.terminal("late"))
        #expect(await events.next() == .arrived(DiscoveredPort(path: "\(late)/modem")))
        unlink("\(late)/modem")
        rmdir(late)
        #expect(await events.next() == .departed(path: "\(late)/modem"))
        try folder.makeFolder(late)
        try folder.link("\(late)/modem", to: folder.terminal("late"))
        #expect(await events.next() == .arrived(DiscoveredPort(path: "\(late)/modem")))
    }

    @Test func aListedPortIsToldWheneverItsPathLeadsToADevice() async throws {
        let folder = try PortFolder()
        let paths = ["\(folder.path)/a", "\(folder.path)/never"]
        try folder.link("other")
        var events = watch(.list(paths))
        try folder.link("a")
        #expect(await events.next() == folder.arrival("a"))
        folder.remove("a")
        #expect(await events.next() == folder.departure("a"))
        try folder.link("a")
        #expect(await events.next() == folder.arrival("a"))
    }

    @Test func filesFoldersAndDanglingLinksAreNoPorts() async throws {
        let folder = try PortFolder()
        try folder.makeFolder("\(folder.path)/folder")
        try folder.link("\(folder.path)/dangling", to: "/nowhere/at/all")
        try folder.link("\(folder.path)/file", to: "/etc/passwd")
        try folder.link("port")
        var events = watch(.directory(folder.path))
        #expect(await events.next() == folder.arrival("port"))
        folder.remove("port")
        #expect(await events.next() == folder.departure("port"))
    }

    @Test func whatNoNoticeTellsIsFoundByTheNextScan() async throws {
        let folder = try PortFolder()
        // Only the first link's folder and the device's are watched, not the middle one.
        let middle = "\(folder.parent)/middle"
        try folder.makeFolder(middle)
        try folder.link("\(folder.path)/a", to: "\(middle)/port")
        try folder.link("other")
        var events = watch(.directory(folder.path), every: Self.often)
        #expect(await events.next() == folder.arrival("other"))
        // Often enough that no notice left from the beginning can explain it.
        for _ in 0..<10 {
            try folder.link("\(middle)/port", to: folder.terminal("a"))
            #expect(await events.next() == folder.arrival("a"))
            unlink("\(middle)/port")
            #expect(await events.next() == folder.departure("a"))
        }
    }

    @Test func aTerminalThatGoesAwayDepartsThoughItsLinkStays() async throws {
        let folder = try PortFolder()
        var terminal: PseudoTerminal? = try PseudoTerminal.open()
        try folder.link("\(folder.path)/a", to: terminal?.slavePath ?? "")
        var events = watch(.directory(folder.path), every: Self.often)
        #expect(await events.next() == folder.arrival("a"))
        if let terminal { close(terminal.masterDescriptor) }
        terminal = nil
        #expect(await events.next() == folder.departure("a"))
    }

    @Test func aSourceThatCannotBeReadIsToldOnceAndTheOthersGoOn() async throws {
        let folder = try PortFolder()
        try folder.link("a")
        var events = watch(.directory("/etc/passwd"), .directory(folder.path), every: Self.often)
        guard case .failed(.directory("/etc/passwd"), let reason) = await events.next() else {
            Issue.record("the failure comes first")
            return
        }
        #expect(reason.contains("Not a directory"))
        #expect(await events.next() == folder.arrival("a"))
        folder.remove("a")
        #expect(await events.next() == folder.departure("a"))
    }

    @Test func cancellingTheConsumerEndsTheSequenceAndClosesEverything() async throws {
        let folder = try PortFolder()
        try folder.link("a")
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let sources: [PortSource] = [.directory(folder.path), .udev]
                let discovery = ModemDiscovery(sources: sources, scanInterval: Self.never)
                for await event in discovery.events() where event == folder.arrival("a") {
                    arrived.yield()
                }
            }
            for await _ in arrivals { break }
            #expect(descriptorsThatWatch(folder.path) > 0)
            group.cancelAll()
        }
        // The descriptors are closed on the listener's queue, soon after.
        while descriptorsThatWatch(folder.path) > 0 { await Task.yield() }
    }

    private func watch(
        _ sources: PortSource...,
        every interval: Duration = Self.never
    ) -> ModemDiscovery.Iterator {
        ModemDiscovery(sources: sources, scanInterval: interval).events().makeAsyncIterator()
    }

    /// The inotify descriptors of this process with a watch on a folder (proc(5), `fdinfo`).
    private func descriptorsThatWatch(_ folder: String) -> Int {
        var status = stat()
        #expect(stat(folder, &status) == 0)
        let watch = "ino:\(String(status.st_ino, radix: 16)) "
        return (CInt(0)..<getdtablesize()).count { descriptor in
            let facts = FileManager.default.contents(atPath: "/proc/self/fdinfo/\(descriptor)")
            return facts.map { String(decoding: $0, as: UTF8.self).contains(watch) } ?? false
        }
    }
}
