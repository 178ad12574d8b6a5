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

extension Timestamp: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}

extension JobState: ExpressibleByArgument {}
