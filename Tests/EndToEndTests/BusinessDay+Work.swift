import ControlAPI
import Foundation
import Recharge
import Simulation
import Testing

/// What happens in the day, each part for numbers of its own.
extension BusinessDay {
    /// Batches and single orders, and what people do to them.
    mutating func takeOrders() async throws {
        let file = try trial.writeBatch("orders.csv", rows: 24)
        // A new gateway does not know its floats yet.
        try await order("submit", file, "--dry-run", status: nil)
        try trial.tell("cms error 38 20%")
        try trial.tell("refuse busy 20%")
        try trial.tell("modem 1: echo doubled")
        try await order(
            "submit",
            file,
            "--watch",
            "--results",
            trial.path("watched.csv"),
            status: nil
        )
        try await order("submit", file, status: nil)
        try trial.tell("cms error 38 0%")
        try trial.tell("refuse busy 0%")
        try await order("recharge", "13900000001", "10", "--wait", "--note", "walk-in")
        try await order("hold", "--reason", "lunch")
        try await order("submit", try trial.writeBatch("b.csv", rows: 3, from: 100))
        for action in ["pause", "resume", "cancel"] {
            try await order("batch", action, "2", "--reason", "lunch")
        }
        try await order("release", "--reason", "back")
        try await ask("batch", "list")
        try await ask("batch", "show", "1")
        try await order("batch", "results", "1")
        try await withdraw()
    }

    /// Jobs that are held or wait for their time.
    private mutating func withdraw() async throws {
        try trial.tell("foreign number 13900000002")
        let foreign = try await recharge("13900000002")
        try await seen("job.held", foreign)
        try await order("job", "release", "\(foreign)", "--reason", "try again")
        try await ask("job", "show", "\(foreign)")
        let next = try await recharge("13900000003", "11")
        try await succeeded(next)
        let text = try await order(
            "recharge",
            "13900000004",
            "10",
            "--not-before",
            "2035-01-01T00:00:00Z",
            "--json"
        )
        let job = try WireJSON.decode(JobView.self, from: Array(text.utf8)).id
        try await order("job", "cancel", "\(job)", "--reason", "no longer wanted", "--json")
        try await ask("job", "list", "--limit", "1000")
    }

    /// Answers that are lost, late, damaged or false.
    mutating func spoilAnswers() async throws {
        let lost = try await doubt("lose answers", "13900000010")
        try await succeeded(lost)
        try trial.tell("delay answers 100% by 4s")
        let late = try await recharge("13900000011")
        try await seen("job.doubted", late)
        try trial.tell("delay answers 0% by 4s")
        let garbled = try await doubt("garble answers", "13900000012")
        try await succeeded(late, garbled)
        for fault in ["double", "forge", "spoof", "reorder"] {
            try trial.tell("\(fault) answers 50%")
        }
        try trial.tell("progress 50%")
        try trial.tell("long on")
        try await trial.submit(try trial.writeBatch("spoilt.csv", rows: 12, from: 200))
        try trial.tell("forge 13900000013 10 from 10086")
        try await trial.settled()
        for fault in ["double", "forge", "spoof", "reorder"] {
            try trial.tell("\(fault) answers 0%")
        }
        try trial.tell("progress 0%")
        try trial.tell("long off")
        try await settled()
    }

    /// Questions to a centre that does not offer all of them.
    mutating func askTheCarrier() async throws {
        try trial.tell("history off")
        let reconfirmed = try await doubt("lose answers", "13900000020")
        try await seen("inquiry.asked", nil, ["kind": "reconfirm"])
        try await succeeded(reconfirmed)
        try trial.tell("reconfirm off")
        let never = try await doubt("lose submits", "13900000021")
        try await seen("inquiry.asked", nil, ["kind": "balance"])
        try await succeeded(never)
    }

    /// Verdicts of people and of the carrier's statement, while the centre answers no questions.
    mutating func decide() async throws {
        try trial.tell("balance off")
        let byHand = try await doubt("lose answers", "13900000030")
        let byTwo = try await doubt("lose answers", "13900000031", "30")
        let stated = try await doubt("lose answers", "13900000032")
        try await ask("desk", "list")
        let letter = trial.path("letter.txt")
        try TextFile.write("The carrier says that it was charged.", to: letter)
        try await resolve(byHand, letter)
        try await succeeded(byHand)
        try await resolve(byTwo, letter)
        try await ask("approval", "list", "--all")
        if Self.hasTwoPeople {
            let open = try #require(try await proposals().first)
            try await orderAsSecond("approval", "reject", "\(open.id)", "--reason", "unreadable")
            try await resolve(byTwo, letter)
        }
        for proposal in try await proposals() {
            let shown = trial.path("shown-\(proposal.id).txt")
            try await ask("approval", "evidence", "\(proposal.id)", shown)
            #expect(try TextFile.read(shown) == TextFile.read(letter))
            try await order("approval", "approve", "\(proposal.id)", "--reason", "me", status: 77)
            try await orderAsSecond("approval", "approve", "\(proposal.id)", "--reason", "seen")
        }
        try await succeeded(byTwo)
        try await importStatement()
        try await succeeded(stated)
        for service in ["balance", "history", "reconfirm"] { try trial.tell("\(service) on") }
    }

    private func proposals() async throws -> [ProposalView] {
        try await trial.ask(ControlPath.proposals, as: PageView<ProposalView>.self).items
    }

    private mutating func resolve(_ job: Job.ID, _ letter: String) async throws {
        let detail = try await trial.ask(ControlPath.job(job), as: JobDetail.self)
        let charge = try LedgerFile.entries(path: trial.ledgerPath).last { entry in
            detail.job.number.hasSuffix(entry.number) && entry.serial != nil
        }
        let serial = try #require(charge?.serial)
        try await order(
            "desk",
            "resolve",
            "\(job)",
            "--succeeded",
            "--serial",
            serial,
            "--evidence",
            letter,
            "--reason",
            "letter"
        )
    }

    private mutating func importStatement() async throws {
        let statement = try await run("modemsim", ["statement", trial.ledgerPath], 0)
        let file = trial.path("statement.csv")
        try TextFile.write(statement + "\n", to: file)
        for flag in [[], ["--json"]] {
            try await run(
                "rechargectl",
                ["statement", "import", file, "--carrier", "simulated", "--reason", "eve"] + flag,
                0
            )
        }
    }

    /// A complaint, its pack, and money that is taken back.
    mutating func makeGood() async throws {
        let job = try await recharge("13900000040", "12")
        try await succeeded(job)
        try await order("dispute", "open", "\(job)", "--reason", "nothing arrived")
        try await ask("dispute", "list")
        try await order("dispute", "pack", "1", "--out", trial.path("pack.html"))
        try await order("dispute", "pack", "1", "--json")
        try await order("dispute", "close", "1", "--upheld", "--reason", "wrong number")
        try await ask("dispute", "list", "--all")
        try await order("reverse", "\(job)", "--reason", "wrong number")
        if Self.hasTwoPeople {
            let proposal = try #require(try await proposals().first)
            try await orderAsSecond("approval", "approve", "\(proposal.id)", "--reason", "yes")
        }
        let jobs = try await trial.ask(ControlPath.jobs, as: PageView<JobView>.self)
        let reversal = try #require(jobs.items.first { $0.kind == .reversal })
        try await succeeded(reversal.id)
    }

    /// Transceivers and SIMs that fail, and what people do about them.
    mutating func tendSIMs() async throws {
        try trial.tell("replug 1s")
        try trial.tell("modem 2: unplug before reply")
        try trial.tell("modem 3: pin 11111111")
        try trial.tell("modem 4: float 5")
        try await trial.submit(try trial.writeBatch("sims.csv", rows: 24, from: 300))
        try await seen("sim.left", nil, ["sim": Self.iccid(2)])
        try await seen("sim.paused", nil, ["sim": Self.iccid(3)])
        try await seen("sim.paused", nil, ["sim": Self.iccid(4)])
        try await settled()
        try trial.tell("modem 3: pin \(Self.pin)")
        try await order("sim", "resume", Self.iccid(3), "--reason", "right PIN")
        try await ask("float", "list")
        try await order("float", "reconcile", Self.iccid(4), "--reason", "the carrier is right")
        try await order("float", "topup", Self.iccid(4), "495", "--reason", "deposit")
        try trial.tell("modem 4: float 500")
        try await order("sim", "resume", Self.iccid(4), "--reason", "topped up")
        try await ask("float", "show", Self.iccid(4))
        let much = ["--per", "minute", "--count", "1000", "--reason", "a calm day"]
        try await run("rechargectl", ["limit", "set", "sim", Self.iccid(4)] + much, 0)
        try await ask("limit", "list")
        try await order("sim", "pause", Self.iccid(5), "--reason", "to the shop")
        try await order("sim", "enrol", Self.iccid(5), "--reason", "back", status: nil)
        try await order("sim", "reconcile", Self.iccid(5), "--reason", "compared", status: nil)
        try await order("sim", "resume", Self.iccid(5), "--reason", "back", "--json", status: nil)
        try await ask("sim", "list")
        try await ask("modem", "list")
    }

    /// Waits until no job is on its way or in doubt.
    func settled() async throws {
        try await trial.jobs { counts in
            ["ready", "scheduled", "leased", "armed", "unknown"].allSatisfy { counts[$0] ?? 0 == 0 }
        }
    }
}
