// swift-tools-version: 6.2
import PackageDescription

/// What every target is built with: warnings are errors, and the upcoming language features that
/// make imports and isolation explicit are on.
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let core: [Target.Dependency] = [
    "Recharge", "ATProtocol", "SMSCodec", "Documents", "Carriers", "Engine",
]
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let unixSignals = Target.Dependency.product(
    name: "UnixSignals",
    package: "swift-service-lifecycle"
)
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)

let daemon =
    core + [
        "CProcess", "ConfigurationFiles", "ControlAPI", "ControlServer", "Gateway", "JobStorage",
        "ModemDiscovery", "SerialPorts", argumentParser, lifecycle, logging, unixSignals,
    ] + nio
let fuzzed =
    core + [
        "ConfigurationFiles", "ControlAPI", "ControlServer", "Gateway", "JobStorage", "TestSupport",
        "TextDecoding", "recharged", httpTypes, hummingbird, logging,
    ] + nio

/// How a release of the daemon is linked, to take an eighth less memory when idle.
///
/// It exports no symbols, and its relative relocations are packed (DT_RELR, glibc 2.36).
let compact: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker",
            "--no-export-dynamic",
        ],
        .when(configuration: .release)
    )
]

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func executable(
    _ name: String,
    _ dependencies: [Target.Dependency],
    linker: [LinkerSetting] = []
) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        swiftSettings: settings,
        linkerSettings: linker
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: dependencies + ["TestSupport"],
        swiftSettings: settings
    )
}

let package = Package(
    name: "recharged",
    products: [
        .executable(name: "recharged", targets: ["recharged"]),
        .executable(name: "rechargectl", targets: ["rechargectl"]),
        .executable(name: "modemsim", targets: ["modemsim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle.git",
            from: "2.13.0"
        ),
    ],
    targets: [
        // Core: values and decisions.
        target("Recharge"),
        target("ATProtocol"),
        target("SMSCodec"),
        target("Documents"),
        target("Carriers", ["Recharge", "Documents"]),
        target("Engine", ["Recharge", "ATProtocol", "SMSCodec", "Carriers"]),

        // Adapters: one outside thing each.
        .systemLibrary(name: "CProcess"),
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        .systemLibrary(name: "CUdev", pkgConfig: "libudev", providers: [.apt(["libudev-dev"])]),
        target("SerialPorts", nio),
        target("ModemDiscovery", ["CUdev"]),
        target(
            "ConfigurationFiles",
            ["Digests", "Documents", .product(name: "Yams", package: "Yams")]
        ),
        target("TextDecoding"),
        target("Digests", [crypto]),
        target("JobStorage", ["CSQLite", "Recharge", "Digests", grdb]),

        // Gateway: the tasks that join core and adapters.
        target("Gateway", core + ["SerialPorts", "ModemDiscovery", "JobStorage", logging] + nio),

        // Control: the socket.
        target("ControlAPI", ["Recharge", nioHTTP1] + nio),
        target(
            "ControlServer",
            [
                "Recharge", "Carriers", "ControlAPI", "Gateway", "JobStorage", "Digests",
                "TextDecoding", hummingbird, httpTypes, lifecycle, logging,
            ] + nio
        ),

        // Simulation: transceivers and their carrier.
        target("Simulation", ["Recharge", "SMSCodec", "Engine", "SerialPorts"] + nio),

        // Commands: arguments in, exit code out.
        executable("recharged", daemon, linker: compact),
        executable(
            "rechargectl",
            core + ["ControlAPI", "ConfigurationFiles", "TextDecoding", argumentParser] + nio
        ),
        executable("modemsim", ["Recharge", "Simulation", argumentParser, unixSignals]),

        // Tests mirror Sources; what several of them need is in TestSupport.
        .systemLibrary(
            name: "CUMockdev",
            path: "Tests/CUMockdev",
            pkgConfig: "umockdev-1.0",
            providers: [.apt(["libumockdev-dev"])]
        ),
        .target(
            name: "TestSupport",
            dependencies: core,
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .target(
            name: "GatewaySimulation",
            dependencies: core + [
                "CSQLite", "ConfigurationFiles", "Gateway", "JobStorage", "Simulation",
                "TestSupport", grdb, logging,
            ],
            path: "Tests/GatewaySimulation",
            swiftSettings: settings
        ),
        .target(
            name: "FaultyDisk",
            dependencies: ["CSQLite", "TestSupport", grdb],
            path: "Tests/FaultyDisk",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "prove",
            dependencies: core + [
                "ConfigurationFiles", "Digests", "FaultyDisk", "GatewaySimulation", "JobStorage",
                "Simulation", "TestSupport", argumentParser, grdb,
            ],
            path: "Tests/Prove",
            swiftSettings: settings
        ),
        tests("Architecture"),
        tests("Recharge", ["Recharge"]),
        tests("ATProtocol", ["ATProtocol"]),
        tests("SMSCodec", ["SMSCodec"]),
        tests("Documents", ["Documents"]),
        tests("Carriers", ["Carriers", "ConfigurationFiles", "Documents", "Recharge"]),
        tests("Engine", core + ["ConfigurationFiles", "GatewaySimulation", "Simulation"]),
        tests("SerialPorts", ["SerialPorts"] + nio),
        tests("ModemDiscovery", ["CUMockdev", "ModemDiscovery", "SerialPorts"]),
        tests("ConfigurationFiles", ["ConfigurationFiles", "Documents"]),
        tests("TextDecoding", ["Recharge", "TextDecoding"]),
        tests("Digests", ["Digests"]),
        tests("JobStorage", ["Digests", "JobStorage", "Recharge", grdb]),
        tests("ControlAPI", ["ControlAPI", "Recharge"]),
        tests(
            "ControlServer",
            [
                "ControlAPI", "ControlServer", "Gateway", "JobStorage", "Recharge", lifecycle,
                logging,
            ]
        ),
        tests("FaultyDisk", ["FaultyDisk", "JobStorage", "Recharge", grdb]),
        tests(
            "Gateway",
            [
                "Carriers", "ConfigurationFiles", "Engine", "Gateway", "JobStorage",
                "ModemDiscovery", "Recharge", logging,
            ] + nio
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: fuzzed,
            path: "Tests/Fuzz",
            exclude: ["Driver", "corpus"],
            swiftSettings: settings
        ),
        tests(
            "Simulation",
            [
                "Carriers", "ConfigurationFiles", "Engine", "Recharge", "SMSCodec", "SerialPorts",
                "Simulation",
            ] + nio
        ),
        tests("Rechargectl", ["ControlAPI", "Recharge", "rechargectl", nioHTTP1] + nio),
        tests(
            "EndToEnd",
            [
                "ControlAPI", "Recharge", "SMSCodec", "SerialPorts", "Simulation", "modemsim",
                "rechargectl", "recharged",
            ] + nio
        ),
    ],
    swiftLanguageModes: [.v6]
)

// What `etc/prove fuzz` builds, in a scratch path of its own: the product `fuzz`, with libFuzzer
// and the address sanitizer in our own targets alone, so that the edges counted are ours. The
// daemon's configuration is fuzzed too, so `recharged` is a library then, without its `@main`.
if Context.environment["RECHARGED_FUZZ"] != nil {
    let sanitizers = "-sanitize=fuzzer,address"
    package.products = []
    package.targets.removeAll { target in
        target.type == .test || target.type == .executable
    }
    package.targets += [
        .target(
            name: "recharged",
            dependencies: daemon,
            exclude: ["Recharged.swift", "Restore.swift"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "fuzz",
            dependencies: fuzzed,
            path: "Tests/Fuzz",
            exclude: ["FuzzTests.swift", "corpus"],
            swiftSettings: settings,
            linkerSettings: [.unsafeFlags([sanitizers, "-use-ld=lld"])]
        ),
    ]
    for target in package.targets where target.type != .system {
        target.swiftSettings?.append(.unsafeFlags([sanitizers, "-enable-testing"]))
    }
}
