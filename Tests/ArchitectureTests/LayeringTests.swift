import Testing

/// The layers of ARCHITECTURE.md, as a program checks them.
@Suite struct LayeringTests {
    private static let core: Set = [
        "Recharge", "ATProtocol", "SMSCodec", "Documents", "Carriers", "Engine",
    ]
    private static let nio: Set = ["NIOCore", "NIOPosix", "NIOHTTP1"]
    private static let system: Set = ["Glibc", "Synchronization", "Dispatch"]

    /// What each target may import of the package's own and of others' modules.
    private static let allowed: [String: Set<String>] = [
        "Recharge": [],
        "ATProtocol": [],
        "SMSCodec": [],
        "Documents": [],
        "Carriers": ["Recharge", "Documents"],
        "Engine": core,
        "SerialPorts": nio.union(system),
        "ModemDiscovery": system.union(["CUdev"]),
        "ConfigurationFiles": system.union(["Digests", "Documents", "Yams", "Foundation"]),
        "TextDecoding": system,
        "Digests": system.union(["Crypto"]),
        "JobStorage": system.union([
            "CSQLite", "Recharge", "Digests", "GRDB", "GRDBSQLite", "Foundation",
        ]),
        "Gateway": core.union(nio).union(system).union([
            "SerialPorts", "ModemDiscovery", "JobStorage", "Logging",
        ]),
        "ControlAPI": nio.union(system).union(["Recharge", "FoundationEssentials"]),
        "ControlServer": nio.union(system).union([
            "Recharge", "Carriers", "ControlAPI", "Gateway", "JobStorage", "Digests",
            "TextDecoding", "Hummingbird", "HTTPTypes", "Logging", "ServiceLifecycle",
            "FoundationEssentials",
        ]),
        "Simulation": core.union(nio).union(system).union(["SerialPorts", "Foundation"]),
        "recharged": core.union(nio).union(system).union([
            "CProcess", "ConfigurationFiles", "ControlAPI", "ControlServer", "Gateway",
            "JobStorage",
            "ModemDiscovery",
            "SerialPorts", "ArgumentParser", "Logging", "ServiceLifecycle", "UnixSignals",
        ]),
        "rechargectl": core.union(nio).union(system).union([
            "ControlAPI", "ConfigurationFiles", "TextDecoding", "ArgumentParser",
            "FoundationEssentials",
        ]),
        "modemsim": system.union([
            "Recharge", "Simulation", "ArgumentParser", "Foundation", "UnixSignals",
        ]),
    ]

    @Test func everyTargetHasItsPlace() {
        let targets = Set(SourceTree.sources.map(\.target))
        #expect(targets == Set(Self.allowed.keys))
    }

    @Test func importsStayWithinTheLayers() {
        for file in SourceTree.sources {
            let excess = Set(file.imports).subtracting(Self.allowed[file.target] ?? [])
            #expect(excess.isEmpty, "\(file.path) imports \(excess.sorted())")
        }
    }

    @Test func thePackageIsBigEnoughForTheseTestsToMeanSomething() {
        #expect(SourceTree.sources.count > 100)
        #expect(SourceTree.tests.count > 30)
    }
}
