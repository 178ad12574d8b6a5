import ArgumentParser
import Documents
import Gateway
import JobStorage
import Recharge

/// Puts a backup in the place of the queue, on hold.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup in the place of the queue.",
        discussion: """
            The daemon must be stopped. Nothing is sent afterwards before people have looked:

              1. recharged restore FILE > suspects.csv
                 lists every job that may have been sent since the backup was made
              2. start recharged: it is on hold
              3. compare the carrier's history of each SIM with the list, cancel what was sent, then
                 rechargectl sim reconcile ICCID --reason TEXT
              4. rechargectl job release JOB --reason TEXT, or --all-restored
              5. rechargectl release --reason TEXT

            Orders that came after the backup are not in it: whoever sent them must not send them \
            again before the carrier's records were compared.
            """
    )

    @Argument(help: "The backup.", completion: .file())
    var file: String

    @OptionGroup var place: PlaceOptions

    @Flag(help: "Move a queue that is there aside; it is kept.")
    var force = false

    func run() async throws {
        try await Recharged.ending {
            let folder =
                try place.stateFolder ?? Recharged.readConfiguration(place.config).stateFolder
            try Folder.make(folder, mode: 0o700)
            StandardStream.output.write("job,state,number,amount,currency,batch,submitted_at\n")
            var listed = 0
            let report = try Restoration.restore(
                file,
                into: folder,
                replaces: force,
                at: Time.system.utc()
            ) { suspect in
                let job = suspect.job
                listed += 1
                let cells = [
                    job.id.description, suspect.state.rawValue, job.order.number.e164,
                    job.order.amount.major, job.order.amount.currency.code,
                    job.batch?.description ?? "", job.createdAt.rfc3339,
                ]
                StandardStream.output.write(cells.joined(separator: ",") + "\n")
            }
            tell(report, listed: listed, folder)
            try Folder.handOver(["lock", "recharged.sqlite"], in: folder)
        }
    }

    private func tell(_ report: Restoration.Report, listed: Int, _ folder: String) {
        let made = report.madeAt?.rfc3339 ?? "an unknown time"
        var lines = [
            "\(folder): restored from a backup of \(made); epoch \(report.epoch), on hold",
            "\(listed) jobs may have been sent since: compare the list with the carrier's records",
            "for that, \(report.held) that would have been sent are held, and \(report.doubts) "
                + "that were in hand are unknown",
            "orders that came after \(made) are not here: none may be sent again unseen",
        ]
        lines += report.findings.map { "the books do not agree: \($0)" }
        if let moved = report.movedTo { lines.append("what was here before lies in \(moved)") }
        lines.append("next: recharged restore --help")
        for line in lines { StandardStream.error.write("recharged: \(line)\n") }
    }
}
