import ControlAPI
import Foundation
import Glibc
import Simulation
import Testing

extension EndToEndTests {
    /// Folders and sockets that are in use or full.
    @Suite struct SharedPlaceTests {
        @Test(.timeLimit(.minutes(5)))
        func aSecondDaemonOnOneStateFolderIsRefusedAndTheFirstGoesOn() async throws {
            try await Trial.run { trial in
                try await trial.startModems(2, ["--answer-latency", "20ms..80ms"])
                let first = try await trial.startDaemon()
                let second = try await trial.finish(
                    "recharged",
                    "--config",
                    trial.path("recharged.yaml")
                )
                #expect(second.status == 69)
                #expect(second.errors.contains(trial.path("state/lock")))
                #expect(second.errors.contains("another recharged (process \(first.id))"))
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 10))
                #expect(try await trial.audit().succeeded == 10)
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func aSocketThatIsAnsweredByAnotherDaemonIsLeftToIt() async throws {
            try await Trial.run { trial in
                _ = try await trial.startDaemon()
                let second = try await trial.finish(
                    "recharged",
                    "--config",
                    trial.path("recharged.yaml"),
                    "--state-dir",
                    trial.path("other")
                )
                #expect(second.status == 69)
                #expect(second.errors.contains("\(trial.socket): another daemon answers there"))
                #expect(try await trial.finish("rechargectl", "stats").status == 0)
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func aFileInPlaceOfTheSocketIsNotTouched() async throws {
            try await Trial.run { trial in
                mkdir(trial.path("run"), 0o755)
                try TextFile.write("mine", to: trial.socket)
                let run = try await trial.finish(
                    "recharged",
                    "--config",
                    trial.path("recharged.yaml")
                )
                #expect(run.status == 69)
                #expect(run.errors.contains("\(trial.socket) exists and is not a socket"))
                #expect(run.errors.contains("move it away"))
                #expect(try TextFile.read(trial.socket) == "mine")
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func theSocketOfAKilledDaemonDoesNotStandInTheWay() async throws {
            try await Trial.run { trial in
                let first = try await trial.startDaemon()
                first.signal(SIGKILL)
                await first.exit()
                #expect(access(trial.socket, F_OK) == 0)
                _ = try await trial.startDaemon()
                #expect(try await trial.finish("rechargectl", "stats").status == 0)
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func practiceAndMoneyKeepOutOfEachOthersFolder() async throws {
            try await Trial.run { trial in
                let daemon = try await trial.startDaemon()
                daemon.signal(SIGTERM)
                #expect(await daemon.exit() == 0)
                let state = trial.path("state")
                let config = trial.path("recharged.yaml")
                let practice = try await trial.finish(
                    "recharged",
                    "--practice",
                    "1",
                    "--config",
                    config
                )
                #expect(practice.status == 78)
                #expect(practice.errors.contains("\(state) holds a real queue"))
                try FileManager.default.removeItem(atPath: "\(state)/recharged.sqlite")
                try TextFile.write("", to: "\(state)/practice")
                let real = try await trial.finish("recharged", "--config", config)
                #expect(real.status == 78)
                #expect(real.errors.contains("\(state) is the folder of a practice"))
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func relativePathsBeginWhereTheConfigurationLies() async throws {
            try await Trial.run { trial in
                let roots = ["/state", "/run/control.sock"]
                let before = roots.map { access($0, F_OK) }
                let program = "\(RunningProgram.folder)/recharged"
                let daemon = try trial.start(
                    "/bin/sh",
                    ["-c", "cd \(trial.folder) && exec \(program) --config recharged.yaml"],
                    errors: "recharged.log"
                )
                try await daemon.firstLine()
                #expect(try await trial.finish("rechargectl", "stats").status == 0)
                #expect(access(trial.path("state/recharged.sqlite"), F_OK) == 0)
                #expect(roots.map { access($0, F_OK) } == before)
            }
        }

        /// A full disk needs one of its own, which only root can mount.
        private static func withSmallDisk(
            _ megabytes: Int,
            _ body: (String, Trial) async throws -> Void
        ) async throws {
            var template = Array("/tmp/e2e-disk.XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { throw TestFailure.system("mkdtemp") }
            let disk = String(
                decoding: template.dropLast().map { UInt8(bitPattern: $0) },
                as: UTF8.self
            )
            defer { rmdir(disk) }
            let options = "size=\(megabytes)m,nr_inodes=256"
            guard mount("none", disk, "tmpfs", 0, options) == 0 else {
                try Test.cancel("a disk of \(megabytes) MB cannot be mounted here")
            }
            defer { umount2(disk, Int32(MNT_DETACH)) }
            var shape = Trial.Shape()
            shape.stateFolder = "\(disk)/state"
            try await Trial.run(shape) { trial in try await body(disk, trial) }
        }

        private static func fill(_ disk: String, leaving bytes: Int64) throws {
            var status = statvfs()
            guard statvfs(disk, &status) == 0 else { throw TestFailure.system("statvfs \(disk)") }
            let free = Int64(status.f_bavail) * Int64(status.f_frsize)
            let descriptor = open("\(disk)/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
            defer { close(descriptor) }
            let chunk = [UInt8](repeating: 1, count: 65_536)
            for _ in 0..<max(0, free - bytes) / 65_536 {
                guard write(descriptor, chunk, chunk.count) == chunk.count else { return }
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func aFullDiskRefusesNewOrdersAndLosesNothing() async throws {
            try await Self.withSmallDisk(128) { disk, trial in
                try await trial.startModems(4, ["--answer-latency", "200ms..400ms"])
                _ = try await trial.startDaemon()
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 60))
                var settled = 0
                try await trial.follow { event in
                    if event.kind == "job.settled" { settled += 1 }
                    return settled == 8
                }
                try Self.fill(disk, leaving: 1 << 20)
                let late = try trial.writeBatch("late.csv", rows: 5, from: 1000)
                let run = try await trial.finish("rechargectl", "submit", late)
                #expect(run.status == 75, "\(run.errors)")
                #expect(run.errors.lowercased().contains("disk"))
                try await trial.jobs { counts in
                    counts["leased", default: 0] + counts["armed", default: 0] == 0
                }
                #expect(unlink("\(disk)/filler") == 0)
                try await trial.submit(late)
                #expect(try await trial.audit().succeeded == 65)
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func aDiskWithoutRoomForTheQueueIsNamed() async throws {
            try await Self.withSmallDisk(1) { disk, trial in
                try Self.fill(disk, leaving: 65_536)
                let run = try await trial.finish(
                    "recharged",
                    "--config",
                    trial.path("recharged.yaml")
                )
                #expect(run.status == 69, "\(run.status)")
                #expect(run.errors.contains(disk))
                #expect(run.errors.lowercased().contains("disk"))
            }
        }

        /// The queue comes before the lock, which tells that there was one.
        @Test(.timeLimit(.minutes(5)))
        func aFirstStartThatCouldMakeButOneFileIsNoLostQueue() async throws {
            try await Self.withSmallDisk(128) { disk, trial in
                mkdir("\(disk)/state", 0o700)
                var files = 0
                while true {
                    let file = open("\(disk)/\(files)", O_WRONLY | O_CREAT, 0o600)
                    guard file >= 0 else { break }
                    close(file)
                    files += 1
                }
                try #require(errno == ENOSPC && files > 1)
                #expect(unlink("\(disk)/0") == 0)
                let run = try await trial.finish(
                    "recharged",
                    "--config",
                    trial.path("recharged.yaml")
                )
                #expect(run.status == 69, "\(run.status)")
                #expect(run.errors.contains("\(disk)/state/lock"))
                #expect(run.errors.contains("free disk space"))
                for file in 1..<files { unlink("\(disk)/\(file)") }
                let daemon = try await trial.startDaemon()
                daemon.signal(SIGTERM)
                #expect(await daemon.exit() == 0)
            }
        }
    }
}
