import ControlAPI
import Recharge

extension Cell {
    init(_ state: JobState) {
        let style: Style =
            switch state {
            case .succeeded: .good
            case .failed, .expired: .bad
            case .unknown, .held: .doubtful
            case .cancelled: .faint
            case .scheduled, .ready, .leased, .armed: .plain
            }
        self.init(state.rawValue, style)
    }

    init(_ state: Batch.State) {
        let style: Style =
            switch state {
            case .staging, .open: .plain
            case .held: .doubtful
            case .closed: .good
            case .cancelled: .faint
            }
        self.init(state == .held ? "paused" : state.rawValue, style)
    }

    init(_ state: SIM.State) {
        let style: Style =
            switch state {
            case .enabled: .good
            case .paused, .quarantined: .doubtful
            case .retired: .faint
            }
        self.init(state.rawValue, style)
    }

    init(_ phase: ModemView.Phase) {
        let style: Style =
            switch phase {
            case .working: .good
            case .opening, .identifying: .plain
            case .quarantined: .doubtful
            case .failed: .bad
            }
        self.init(phase.rawValue, style)
    }

    init(_ money: Money?) {
        self.init(money.map { $0.amount?.description ?? "\($0.amountMinor) \($0.currency)" })
    }

    init(_ amount: Amount?) {
        self.init(amount?.description)
    }

    /// A moment to the second, in UTC.
    init(_ moment: Timestamp?) {
        self.init(moment.map { String($0.rfc3339.prefix(19)) + "Z" })
    }
}

extension TextTable {
    /// Jobs in short, as lists and the end of a batch show them.
    static func jobs(_ jobs: [JobView], isOfBatch: Bool = false) -> TextTable {
        var table = TextTable([
            isOfBatch ? "LINE#" : "JOB#", "NUMBER", "AMOUNT#", "CARRIER", "STATE", "SIM",
            "TRIES#", "SERIAL", "REASON",
        ])
        for job in jobs {
            table.add([
                isOfBatch ? Cell(job.line.map { String($0) } ?? "") : Cell(job.id.description),
                Cell(job.numberAsSubmitted),
                Cell(job.amount),
                Cell(job.carrier.name),
                Cell(job.state),
                Cell(job.sim?.digits),
                Cell(job.attempts),
                Cell(job.serial),
                Cell(reason(job)),
            ])
        }
        return table
    }

    /// Why a job is where it is; of a reversal first what it takes back.
    private static func reason(_ job: JobView) -> String? {
        let parts = [
            job.reverses.map { "takes back job \($0)" }, job.reason ?? job.holdReason?.rawValue,
        ].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: ": ")
    }

    /// Counts by the name of a state, in the order of the life of a job.
    static func counts(_ counts: [String: Int]) -> String {
        let known = JobState.allCases.map(\.rawValue)
        let names = known + counts.keys.filter { !known.contains($0) }.sorted()
        let parts = names.compactMap { name in counts[name].map { "\(name) \($0)" } }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }
}
