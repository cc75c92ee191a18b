package import Contacts
import Fingerprint
package import Foundation
package import Repair
import Stores

/// The folder that a probe works in: three SQLite stores, a state folder, a plan, and the files by which the probe and another
/// process wait for each other.
package struct ProbeFolder: Sendable, Hashable {
    /// The stores' names, the canonical one first.
    package static let stores = ["a", "b", "c"]
    /// The clock of every run: later than every time in the stores, and the same in each run, so that runs can be compared.
    package static let now = Date(timeIntervalSince1970: 1_800_000_000)
    /// The configuration that plans are made for.
    package static let configuration = TextDigest.sha256("three stores of a test")

    /// Absolute.
    package let path: String

    /// The folder of that path, which need not exist yet.
    package init(_ path: String) { self.path = path }

    /// The database file of a store.
    package func file(of store: String) -> String { "\(path)/\(store).db" }
    /// The state folder.
    package var state: String { path + "/state" }
    /// The saved plan.
    package var plan: String { path + "/plan.json" }
    /// The keys of the contacts that a plan is made for: a JSON array of texts.
    package var contacts: String { path + "/contacts.json" }
    /// What the other process writes: a JSON array of `ForeignEdit`.
    package var edits: String { path + "/edits.json" }
    /// There once the apply has written its first batch.
    package var applyStarted: String { path + "/apply-started" }
    /// There once the other process has written everything.
    package var editsDone: String { path + "/edits-done" }

    /// A store to read from and to write to.
    package func store(_ name: String) -> any WritableStore {
        var settings = SQLiteStoreSettings(path: file(of: name))
        settings.timeout = .seconds(60)
        return SQLiteStore(name: name, settings: settings, schema: .standard, scratch: path + "/scratch")
    }

    /// What an apply or an undo of these stores starts from. Nothing is too large.
    ///
    /// - Parameter batch: how many changes the writers take at a time; nil: as many as they say.
    package func input(batch: Int? = nil) -> ApplyInput {
        let targets = Self.stores.map { name in
            let store = store(name)
            return RepairTarget(
                name: name,
                store: batch.map { SmallBatches(store: store, limit: $0) } ?? store,
                records: nil
            )
        }
        return ApplyInput(
            version: "test",
            configuration: Self.configuration,
            canonical: Self.stores[0],
            targets: targets,
            schema: .standard,
            scheme: .xxh3,
            phoneRegion: "US",
            limits: BlastLimits(maxChange: 0.05, maxDeletes: 1000, maxInserts: 100_000),
            allowsLarge: true,
            isDryRun: false,
            historyKey: nil,
            now: { Self.now }
        )
    }
}
