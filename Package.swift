// swift-tools-version: 6.2
import PackageDescription

/// The layers, lowest first. A target imports only targets above it in this list, and never a target of its own level.
/// See docs/architecture.md.
let package = Package(
    name: "rollcall",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "rollcall", targets: ["rollcall"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // C libraries, one header each.
        .target(name: "CXXHash"),
        .target(name: "CPhoneNumber", linkerSettings: [.linkedLibrary("phonenumber")]),
        .target(name: "CReadAhead", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .systemLibrary(name: "CIDN2", providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        // 0: the vocabulary.
        .target(name: "Contacts"),

        // 1
        .target(
            name: "Fingerprint",
            dependencies: [
                "Contacts", "CXXHash", "CPhoneNumber", "CIDN2", .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),

        .target(
            name: "Transport",
            dependencies: [
                "Contacts", "CCurl", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]
        ),

        // 2
        .target(name: "Reconcile", dependencies: ["Contacts", "Fingerprint"]),
        .target(
            name: "Ledger",
            dependencies: [
                "Contacts", "Fingerprint", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .target(
            name: "Stores",
            dependencies: [
                "Contacts", "Fingerprint", "Transport", "CPostgres", "CReadAhead",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),

        // 3
        .target(
            name: "Rules",
            dependencies: ["Contacts", "Fingerprint", "Reconcile", "Ledger", .product(name: "Yams", package: "Yams")]
        ),
        .target(name: "Repair", dependencies: ["Contacts", "CPhoneNumber", "Fingerprint", "Reconcile", "Ledger"]),
        .target(
            name: "Reporting",
            dependencies: ["Contacts", .product(name: "Mustache", package: "swift-mustache")],
            resources: [.embedInCode("Resources")]
        ),

        // 4
        .target(
            name: "Audit",
            dependencies: ["Contacts", "Fingerprint", "Reconcile", "Ledger", "Rules", "Repair", "Reporting"]
        ),

        // 5
        .target(name: "Sync", dependencies: ["Contacts", "Fingerprint", "Ledger", "Repair", "Audit"]),
        .target(
            name: "Demo",
            dependencies: ["Contacts", "Transport", "Stores", .product(name: "GRDB", package: "GRDB.swift")],
            resources: [.embedInCode("Simulators")]
        ),
        .target(
            name: "Listener",
            dependencies: [
                "Contacts", "Transport", "Reporting", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),

        // 6
        .target(
            name: "Safety",
            dependencies: [
                "Contacts", "Fingerprint", "Transport", "Ledger", "Rules", "Repair", "Audit", "Sync",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),

        // 7
        .executableTarget(
            name: "rollcall",
            dependencies: [
                "Contacts", "Fingerprint", "Transport", "Stores", "Ledger", "Rules", "Reporting", "Audit", "Demo",
                "Reconcile", "Repair", "Safety", "Sync", "Listener",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),

        // Servers on loopback, and what stands between us and them.
        .target(
            name: "TestServers",
            dependencies: ["Contacts", "TestSupport"],
            path: "Tests/Support/TestServers"
        ),

        // What tests start, and kill.
        .executableTarget(
            name: "ApplyProbe",
            dependencies: [
                "Contacts", "Fingerprint", "Ledger", "Repair", "Stores", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Tests/Support/ApplyProbe"
        ),

        // What every store must do, for the tests of each.
        .target(
            name: "StoreConformance",
            dependencies: ["Contacts", "Fingerprint"],
            path: "Tests/Support/StoreConformance"
        ),

        // What the tests of several targets use.
        .target(name: "TestSupport", path: "Tests/Support/TestSupport"),

        // Tests, by target.
        .testTarget(name: "ContactsTests", dependencies: ["Contacts"]),
        .testTarget(name: "FingerprintTests", dependencies: ["Contacts", "Fingerprint", "TestSupport"]),
        .testTarget(
            name: "TransportTests",
            dependencies: ["Contacts", "Transport", "TestServers", "TestSupport"],
            exclude: ["Support/server.py"]
        ),
        .testTarget(
            name: "RemoteStoreTests",
            dependencies: [
                "Audit", "Contacts", "Fingerprint", "Ledger", "Rules", "Transport", "Stores", "StoreConformance",
                "TestServers", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "Contacts", "Fingerprint", "Ledger", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "StoresTests",
            dependencies: [
                "Contacts", "Fingerprint", "Stores", "Demo", "StoreConformance",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "AuditTests",
            dependencies: [
                "Contacts", "Fingerprint", "Stores", "Ledger", "Reconcile", "Repair", "Rules", "Audit", "Demo",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(name: "ReconcileTests", dependencies: ["Contacts", "Fingerprint", "Reconcile", "TestSupport"]),
        .testTarget(
            name: "RepairTests",
            dependencies: [
                "Contacts", "Fingerprint", "Reconcile", "Ledger", "Stores", "Repair", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "SafetyTests",
            dependencies: [
                "Audit", "Contacts", "Fingerprint", "Ledger", "Repair", "Rules", "Safety", "Stores", "Sync",
                "TestServers",
                "TestSupport", "Transport", .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "CrashTests",
            dependencies: [
                "ApplyProbe", "Audit", "Contacts", "Fingerprint", "Ledger", "Repair", "Rules", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "RulesTests",
            dependencies: ["Contacts", "Fingerprint", "Reconcile", "Rules", "TestSupport"]
        ),
        .testTarget(
            name: "ReportingTests",
            dependencies: ["Contacts", "Reporting", "TestSupport"],
            exclude: ["Golden"]
        ),
        .testTarget(
            name: "DemoTests",
            dependencies: ["Contacts", "Demo", "Stores", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .testTarget(
            name: "SyncTests",
            dependencies: [
                "Audit", "Contacts", "Demo", "Fingerprint", "Ledger", "Repair", "Rules", "Stores", "Sync",
                "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "ListenerTests",
            dependencies: [
                "Contacts", "Listener", "Transport", "TestServers", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(name: "ConfigurationTests", dependencies: ["Contacts", "Stores", "Rules", "rollcall"]),
        .testTarget(name: "TidyTests", dependencies: [.product(name: "Yams", package: "Yams")]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "Contacts", "Audit", "Stores", "Fingerprint", "Rules", "Ledger", "Demo", "rollcall", "TestServers",
                "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
    ]
)

let cTargets: Set = ["CXXHash", "CPhoneNumber", "CIDN2", "CReadAhead", "CCurl", "CPostgres"]

for target in package.targets where !cTargets.contains(target.name) {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
