package import Carriers
import ControlAPI
import Recharge

extension StatementReading {
    /// Reads a statement (CSV in UTF-8) as its carrier lays it out; nil where the profile does not
    /// say how.
    package init?(_ bytes: [UInt8], by profile: CarrierProfile) {
        guard var reader = StatementReader(profile) else { return nil }
        let lines = reader.consume(bytes) + reader.finish()
        let mistakes = reader.mistakes.map { mistake in
            Mistake(
                line: mistake.line,
                field: mistake.column,
                message: mistake.what,
                cure: "take the statement as the carrier gave it"
            )
        }
        self.init(lines: lines, openNumbers: reader.openNumbers, mistakes: mistakes)
        mistakesOmitted = reader.mistakeCount - mistakes.count
    }
}
