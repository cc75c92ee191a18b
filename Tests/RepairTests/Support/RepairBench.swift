import Contacts
import Fingerprint
import Foundation
import GRDB
import Ledger
import Stores

@testable import Repair

/// Three SQLite stores with the same contacts, `a` (canonical), `b` and `c`, whose e-mails are rows of a table of their own,
/// with a state folder: removed with this object. `c` has no column for deletions.
final class RepairBench: Sendable {
    static let names = ["a", "b", "c"]
    static let configuration = "sha256:test"
    let folder: String
    let state: StateFolder

    /// - Parameter contacts: how many; their keys are 1 and so on.
    init(contacts: Int = 6) throws {
        folder = FileManager.default.temporaryDirectory.path + "/rollcall-repair-" + UUID().uuidString
        state = try StateFolder(path: folder + "/state")
        for name in Self.names {
            let deletedAt = name == "c" ? "" : ", deleted_at TEXT"
            let rows = (1...contacts)
                .map { key in
                    """
                    INSERT INTO contacts_master (contact_id, first_name, job_title, version, last_updated)
                        VALUES (\(key), 'Ada \(key)', 'Engineer', 1, '2026-01-01T00:00:00Z');
                    INSERT INTO contact_identifiers (contact_id, identifier_type, identifier_value, is_primary)
                        VALUES (\(key), 'email', 'ada\(key)@example.org', 1), (\(key), 'email', 'a\(key)@example.net', 0);
                    """
                }
            try execute(
                name,
                """
                CREATE TABLE contacts_master (
                    contact_id INTEGER PRIMARY KEY, first_name TEXT, job_title TEXT, version INTEGER,
                    last_updated TEXT\(deletedAt));
                CREATE TABLE contact_identifiers (
                    id INTEGER PRIMARY KEY, contact_id INTEGER, identifier_type TEXT, identifier_value TEXT,
                    is_primary INTEGER);
                CREATE INDEX by_contact ON contact_identifiers (contact_id);
                \(rows.joined(separator: "\n"))
                """
            )
        }
    }

    // What cannot be removed is the system's temporary folder to clear.
    deinit { _ = try? FileManager.default.removeItem(atPath: folder) }

    // MARK: Stores

    func path(_ store: String) -> String { "\(folder)/\(store).db" }

    func store(_ name: String) -> SQLiteStore {
        var settings = SQLiteStoreSettings(path: path(name))
        settings.timeout = .seconds(30)
        return SQLiteStore(name: name, settings: settings, schema: .standard, scratch: folder + "/scratch")
    }

    /// Runs SQL as a stranger would.
    func execute(_ store: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: path(store))
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// Every row of every table, row numbers included, as text.
    func rows(_ store: String) throws -> [String] {
        let queue = try DatabaseQueue(path: path(store))
        defer { try? queue.close() }
        return try queue.read { database in
            try ["contacts_master", "contact_identifiers"]
                .flatMap { table in
                    try Row.fetchAll(database, sql: "SELECT rowid AS row_number, * FROM \(table) ORDER BY rowid")
                        .map { "\(table) \($0)" }
                }
        }
    }

    func rows() throws -> [[String]] { try Self.names.map(rows) }

    // MARK: Runs

    func ledger() async throws -> Ledger { try await Ledger.open(in: state) }

    /// What a run of the three stores starts from.
    ///
    /// - Parameter wrap: what is done to each store before it is written.
    func wrapped(_ wrap: (SQLiteStore) -> any WritableStore) -> ApplyInput {
        ApplyInput(
            version: "test",
            configuration: Self.configuration,
            canonical: "a",
            targets: Self.names.map { RepairTarget(name: $0, store: wrap(store($0)), records: 100) },
            schema: .standard,
            scheme: .xxh3,
            phoneRegion: "US",
            limits: BlastLimits(maxChange: 0.05, maxDeletes: 1000, maxInserts: 1000),
            allowsLarge: false,
            isDryRun: false,
            historyKey: nil,
            now: { Date(timeIntervalSince1970: 1_800_000_000) }
        )
    }

    func input(_ adjust: (inout ApplyInput) -> Void = { _ in }) -> ApplyInput {
        var input = wrapped { $0 }
        adjust(&input)
        return input
    }

    func apply(
        _ plan: RepairPlan,
        _ input: ApplyInput? = nil,
        progress: @escaping @Sendable (ApplyProgress) -> Void = { _ in },
        checkpoint: @escaping @Sendable (ApplyCheckpoint) -> Void = { _ in }
    ) async throws -> ApplyReport {
        try await Applier(
            plan: plan,
            input: input ?? self.input(),
            state: state,
            ledger: try await ledger(),
            progress: progress,
            checkpoint: checkpoint
        )
        .run()
    }

    func undo(
        _ run: String,
        _ input: ApplyInput? = nil,
        progress: @escaping @Sendable (ApplyProgress) -> Void = { _ in },
        checkpoint: @escaping @Sendable (ApplyCheckpoint) -> Void = { _ in }
    ) async throws -> ApplyReport {
        try await Undo(
            run: run,
            input: input ?? self.input(),
            state: state,
            ledger: try await ledger(),
            progress: progress,
            checkpoint: checkpoint
        )
        .run()
    }
}
