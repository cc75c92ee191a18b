import Contacts
import StoreConformance
import Stores
import Synchronization
import Testing
import Transport

/// The suite of every store, over Twenty.
@Suite(.timeLimit(.minutes(20))) struct TwentyConformanceTests {
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

    /// Checks that count on a removed contact to be nowhere. Twenty keeps who is removed, soft-deleted: `TwentyDeletionTests`.
    private static let removing: Set = [
        "a contact is added, and another one goes with all that is its own", "a contact that is gone is left alone",
        "steps that the journal has and the store has not are carried out once",
        "steps taken back leave the store as it was, and done again as it was behind them",
        "where the journal or decide throws, nothing is written, and the writer goes on",
    ]

    @Test(arguments: StoreConformance.all + StoreConformance.repeatedKeys, ["mixed", "legacy"])
    func conforms(check: StoreConformance, metadata: String) async throws {
        try await check.run(Maker(["--metadata", metadata]).make)
    }

    @Test(arguments: StoreConformance.writing.filter { !removing.contains($0.description) })
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
