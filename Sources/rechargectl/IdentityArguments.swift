import ArgumentParser
import Recharge

extension Job.ID: ExpressibleByArgument {
    package init?(argument: String) {
        guard let number = Int64(argument), number > 0 else { return nil }
        self.init(number)
    }
}

extension Batch.ID: ExpressibleByArgument {
    package init?(argument: String) {
        guard let number = Int64(argument), number > 0 else { return nil }
        self.init(number)
    }
}

extension ICCID: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}

extension CarrierID: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}

extension Timestamp {
    /// Takes a moment that names its zone: in a batch one without is the carrier's, and where money
    /// hangs on it nobody should have to know which it is here.
    static func argument(_ text: String) throws -> Timestamp {
        guard let moment = Timestamp(argument: text) else {
            throw ValidationError("write date, time and zone: 2026-12-01T18:00+08:00.")
        }
        return moment
    }

    private init?(argument: String) {
        let end = argument.suffix(6)
        let isOffset =
            end.count == 6 && "+-".contains(end.first ?? " ") && end.dropFirst(3).first == ":"
        guard isOffset || end.last == "Z" || end.last == "z" else { return nil }
        self.init(argument)
    }
}

extension JobState: ExpressibleByArgument {}
