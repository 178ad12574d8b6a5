import ControlServer
import Documents
import Gateway
import JobStorage
import ModemDiscovery
import Recharge
import SerialPorts

/// The configuration file of the daemon, with the defaults of whatever it leaves out.
struct DaemonConfiguration {
    var stateFolder: String
    var runtimeFolder: String
    var roles: [RoleRule] = []
    var enrolment = Enrolment.required
    var simsMax = 8
    var ports: [PortSource] = [.udev]
    var serial = SerialSettings()
    var carriersFolder: String
    var secretsFile: String?
    /// In place of the limits of the profiles; nil: theirs.
    var limits: SIMLimits?
    var ownLimits = OwnLimits()
    var stopGrace: Duration = .seconds(150)
    var approvals = ApprovalTerms()
    var retention = Retention()

    /// The defaults that depend on how the daemon was started.
    init(_ folders: StandardFolders) {
        stateFolder = folders.state
        runtimeFolder = folders.runtime
        carriersFolder = folders.configuration + "/carriers"
        secretsFile = folders.secrets
    }

    /// Reads a document over the defaults; every mistake is reported at once.
    init(reading document: Document, folders: StandardFolders) throws(DocumentError) {
        let defaults = DaemonConfiguration(folders)
        self = try document.read { defaults.read(over: $0) }
    }

    private func read(over fields: Fields) -> DaemonConfiguration? {
        var read = self
        read.stateFolder = fields.path("state_dir") ?? stateFolder
        read.carriersFolder = fields.path("carriers_dir") ?? carriersFolder
        read.secretsFile = fields.path("secrets") ?? secretsFile
        read.enrolment =
            fields.optional("enrolment").flatMap { $0.oneOf(Enrolment.self) } ?? enrolment
        read.simsMax = fields.optional("sims_max").flatMap { $0.integer(in: 1...256) } ?? simsMax
        read.stopGrace =
            fields.optional("stop_grace").flatMap {
                $0.duration(in: .seconds(1) ... .seconds(3600))
            } ?? stopGrace
        _ = fields.optional("sockets")?.fields { sockets -> Bool? in
            read.runtimeFolder = sockets.path("directory") ?? runtimeFolder
            return true
        }
        read.roles = fields.optional("roles")?.list { $0.fields(RoleRule.read) } ?? roles
        _ = fields.optional("ports")?.fields { ports -> Bool? in
            read.ports = PortSource.read(ports)
            read.serial = SerialSettings.read(ports)
            return true
        }
        read.approvals = fields.optional("approvals")?.fields(ApprovalTerms.read) ?? approvals
        read.retention = fields.optional("retention")?.fields(Retention.read) ?? retention
        _ = fields.optional("limits")?.fields { limits -> Bool? in
            read.limits = SIMLimits.read(limits)
            read.ownLimits = OwnLimits.read(limits)
            return true
        }
        return read
    }
}

extension Fields {
    /// A path without a slash at its end; a relative one begins in the folder of its file.
    fileprivate func path(_ key: String) -> String? {
        optional(key)?.string().map { text in
            let path = text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
            guard !path.hasPrefix("/") else { return path }
            let folder = position.file.lastIndex(of: "/").map { position.file[..<$0] } ?? "."
            return "\(folder)/\(path)"
        }
    }
}

extension RoleRule {
    /// `{ user: 1000, role: operator }` or `{ group: staff, role: viewer }`.
    fileprivate static func read(_ fields: Fields) -> RoleRule? {
        let user = fields.optional("user")
        let group = fields.optional("group")
        let role = fields.required("role")?.oneOf(Role.self)
        if user != nil, let group {
            return group.refuse("stands beside 'user'", cure: "write two entries")
        }
        if let user {
            let uid = user.integer(in: 0...Int(UInt32.max)).map { Subject.uid(UInt32($0)) }
            return uid.flatMap { subject in role.map { RoleRule(subject, $0) } }
        }
        guard let group else {
            return fields.refuse("names nobody", expected: "'user' (a uid) or 'group' (a name)")
        }
        return group.string().flatMap { name in role.map { RoleRule(.group(name), $0) } }
    }
}

extension ApprovalTerms {
    /// `{ people: 2, verdict_above: 100.00 }`.
    fileprivate static func read(_ fields: Fields) -> ApprovalTerms? {
        let limit = fields.optional("verdict_above")
        var terms =
            limit?.parsed(expected: "an amount such as 100.00") { text in
                ApprovalTerms(people: peopleMax, verdictAbove: text)
            } ?? ApprovalTerms()
        terms.people = fields.optional("people")?.integer(in: 1...peopleMax) ?? peopleMax
        return terms
    }
}

extension PortSource {
    fileprivate static func read(_ fields: Fields) -> [PortSource] {
        var sources: [PortSource] = []
        if fields.optional("udev")?.boolean() ?? true { sources.append(.udev) }
        let paths = fields.optional("list")?.list { item in
            item.parsed(expected: "the path of a device") { $0.hasPrefix("/") ? $0 : nil }
        }
        if let paths, !paths.isEmpty { sources.append(.list(paths)) }
        if let folder = fields.path("directory") { sources.append(.directory(folder)) }
        return sources
    }
}

extension SerialSettings {
    fileprivate static func read(_ fields: Fields) -> SerialSettings {
        var settings = SerialSettings()
        let rates = Baud.allCases.map(\.rawValue).map(String.init).joined(separator: ", ")
        let baud = fields.optional("baud")?.parsed(expected: "one of: \(rates)") { text in
            Int(text).flatMap { Baud(rawValue: $0) }
        }
        let flow = fields.optional("flow_control")?.parsed(expected: "none or hardware") { text in
            FlowControl.allCases.first { $0.word == text }
        }
        settings.baud = baud ?? settings.baud
        settings.flowControl = flow ?? settings.flowControl
        return settings
    }
}

extension SerialSettings.FlowControl {
    fileprivate var word: String {
        switch self {
        case .none: "none"
        case .rtsCts: "hardware"
        }
    }
}

extension Retention {
    /// Never less than a day: an answer may still come for what is erased.
    private static let least = Duration.seconds(86_400)

    fileprivate static func read(_ fields: Fields) -> Retention? {
        var read = Retention()
        func age(_ key: String) -> Duration? {
            fields.optional(key)?.duration(in: least ... .seconds(3650 * 86_400))
        }
        read.unlistedSenders = age("unlisted_senders") ?? read.unlistedSenders
        read.messages = age("messages")
        read.numbers = age("numbers")
        return read
    }
}
