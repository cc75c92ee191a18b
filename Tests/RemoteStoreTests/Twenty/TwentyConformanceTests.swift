import Contacts
import StoreConformance
import Stores
import Synchronization
import Testing
import Transport

/// The suite of every store, over Twenty.
@Suite(.serialized, .timeLimit(.minutes(20))) struct TwentyConformanceTests {
    /// Makes a workspace for each store, which is there as long as the test.
    private final class Maker: Sendable {
        private let benches = Mutex<[TwentyBench]>([])
        private let options: [String]
        private let key: String
        private let mayWrite: Bool

        init(_ options: [String] = [], key: String = TwentyBench.key, mayWrite: Bool = true) {
            self.options = options
            self.key = key
            self.mayWrite = mayWrite
        }

        func make(_ contacts: [LogicalContact]) async throws -> any ContactStore {
            let bench = try await TwentyBench(options)
            benches.withLock { $0.append(bench) }
            try await bench.allowRepeatedAddresses()
            try await bench.add(contacts)
            if !mayWrite { try await bench.set(["no_write": true]) }
            return try bench.store(key: key)
        }
    }

    @Test(arguments: StoreConformance.all + StoreConformance.repeatedKeys, ["mixed", "legacy"])
    func conforms(check: StoreConformance, metadata: String) async throws {
        try await check.run(Maker(["--metadata", metadata]).make)
    }

    @Test(arguments: StoreConformance.writing + StoreConformance.extremes)
    func conformsWriting(check: StoreConformance) async throws {
        try await check.run(Maker().make)
    }

    @Test(arguments: StoreConformance.readOnly)
    func conformsReadOnly(check: StoreConformance) async throws {
        try await check.run(Maker(mayWrite: false).make)
    }

    @Test(arguments: StoreConformance.wrongCredential, ["wrong", "expired-key", "revoked-key"])
    func conformsWithWrongCredential(check: StoreConformance, key: String) async throws {
        try await check.run(Maker(key: key).make)
    }
}
