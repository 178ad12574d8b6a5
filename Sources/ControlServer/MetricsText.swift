import ControlAPI
import Gateway
import Recharge

/// The gateway's figures in the Prometheus text format 0.0.4.
///
/// Amounts are in minor units; no label holds a phone number.
struct MetricsText {
    let stats: StatsView
    let sims: [SIM]
    let floats: [FloatStanding]
    let modems: [ModemStatus]

    var text: String {
        var lines: [String] = []
        lines += family(
            "build_info",
            "gauge",
            "The version that runs.",
            [
                (["version": stats.version, "practice": String(stats.practice)], "1")
            ]
        )
        lines += family(
            "jobs",
            "gauge",
            "Jobs by state.",
            JobState.allCases.map { state in
                (["state": state.rawValue], String(stats.jobs(in: state)))
            }
        )
        lines += age("oldest_ready_seconds", "Age of the oldest ready job.", stats.oldestReadyAt)
        lines += age("oldest_unknown_seconds", "Age of the oldest doubt.", stats.oldestUnknownAt)
        lines += family(
            "hold",
            "gauge",
            "1 while dispatch is stopped.",
            [
                ([:], stats.hold == nil ? "0" : "1")
            ]
        )
        lines += family(
            "commits_total",
            "counter",
            "Transactions committed since start.",
            [
                ([:], String(stats.commits))
            ]
        )
        lines += family(
            "operations_total",
            "counter",
            "Operations in those transactions.",
            [
                ([:], String(stats.operations))
            ]
        )
        lines += family(
            "commit_wait_seconds_max",
            "gauge",
            "Longest wait for a commit since start.",
            [([:], String(stats.longestCommitWaitMs / 1000))]
        )
        lines += family(
            "claims_total",
            "counter",
            "Searches for a job since start.",
            [
                ([:], String(stats.claims))
            ]
        )
        lines += family(
            "claim_seconds_total",
            "counter",
            "Writer time of those searches.",
            [
                ([:], String(Double(stats.claimNanoseconds) / 1e9))
            ]
        )
        lines += family(
            "wal_bytes",
            "gauge",
            "Size of the write-ahead log.",
            [
                ([:], String(stats.walBytes))
            ]
        )
        return (lines + simLines + floatLines + modemLines).joined(separator: "\n") + "\n"
    }

    private var simLines: [String] {
        let byState = family(
            "sims",
            "gauge",
            "SIMs by state.",
            SIM.State.allCases.map { state in
                (["state": state.rawValue], String(stats.sims[state.rawValue] ?? 0))
            }
        )
        let working = family(
            "workers",
            "gauge",
            "Workers by activity.",
            WorkerStatus.Activity.allCases.map { activity in
                (["activity": activity.rawValue], String(stats.workers[activity.rawValue] ?? 0))
            }
        )
        let balances = family(
            "sim_balance_minor",
            "gauge",
            "The float of a SIM, as last stated.",
            sims.compactMap { sim in
                sim.balance.map { balance in
                    (
                        labels(sim).merging(["currency": balance.currency.code]) { $1 },
                        String(balance.minorUnits)
                    )
                }
            }
        )
        let counts = family(
            "sim_today_count",
            "gauge",
            "What a SIM armed today.",
            sims.map {
                (labels($0), String($0.today.count))
            }
        )
        let sums = family(
            "sim_today_minor",
            "gauge",
            "The sum of what a SIM armed today.",
            sims.map { (labels($0), String($0.today.minorUnits)) }
        )
        return byState + working + balances + counts + sums
    }

    private var modemLines: [String] {
        let byPhase = family(
            "modems",
            "gauge",
            "Transceivers by phase.",
            ModemView.Phase.allCases.map { phase in
                (["phase": phase.rawValue], String(stats.modems[phase.rawValue] ?? 0))
            }
        )
        let signals = family(
            "modem_signal_dbm",
            "gauge",
            "Received signal strength.",
            modems.compactMap { modem in
                modem.signal.map { (["port": modem.port], String($0)) }
            }
        )
        let registered = family(
            "modem_registered",
            "gauge",
            "1 while on the network.",
            modems.compactMap { modem in
                modem.isRegistered.map { (["port": modem.port], $0 ? "1" : "0") }
            }
        )
        return byPhase + signals + registered
    }

    private func labels(_ sim: SIM) -> [String: String] {
        ["iccid": sim.iccid.digits, "carrier": sim.carrier.name]
    }

    private func age(_ name: String, _ help: String, _ since: Timestamp?) -> [String] {
        let age = since.map { max(0, $0.duration(to: stats.at).wholeMilliseconds) / 1000 } ?? 0
        return family(name, "gauge", help, [([:], String(age))])
    }

    func family(
        _ name: String,
        _ type: String,
        _ help: String,
        _ samples: [([String: String], String)]
    ) -> [String] {
        guard !samples.isEmpty else { return [] }
        let full = "recharged_\(name)"
        return ["# HELP \(full) \(help)", "# TYPE \(full) \(type)"]
            + samples.map { labels, value in
                let pairs = labels.sorted { $0.key < $1.key }
                    .map { "\($0.key)=\"\(escaped($0.value))\"" }
                let braces = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
                return "\(full)\(braces) \(value)"
            }
    }

    private func escaped(_ value: String) -> String {
        value.visible.reduce(into: "") { text, character in
            if character == "\"" || character == "\\" { text.append("\\") }
            text.append(character)
        }
    }
}
