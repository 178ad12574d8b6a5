import Recharge

extension MetricsText {
    /// The float of each SIM by the books, beside what the carrier says (`sim_balance_minor`).
    var floatLines: [String] {
        let figures: [(name: String, help: String, value: (FloatStanding) -> Int64)] = [
            ("confirmed", "The sum of what moved a float.", { $0.confirmed.minorUnits }),
            ("reserved", "What jobs in hand or in doubt may take.", { $0.reserved.minorUnits }),
            ("expected", "What is left of a float then.", { $0.expected.minorUnits }),
            ("drift", "The carrier's figure less the expected one.", { $0.drift.minorUnits }),
        ]
        let sums = figures.flatMap { figure in
            family(
                "float_\(figure.name)_minor",
                "gauge",
                figure.help,
                floats.map { (labels($0), String(figure.value($0))) }
            )
        }
        let low = family(
            "float_low",
            "gauge",
            "1 while a float is below what its profile wants.",
            floats.map { (labels($0), $0.isLow ? "1" : "0") }
        )
        return sums + low
    }

    private func labels(_ float: FloatStanding) -> [String: String] {
        [
            "iccid": float.sim.digits, "carrier": float.carrier.name,
            "currency": float.confirmed.currency.code,
        ]
    }
}
