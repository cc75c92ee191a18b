import Audit
import Contacts
import Fingerprint
import Foundation
import GRDB
import Ledger
import Repair
import Stores
import Sync
import Synchronization

@testable import Rules

/// Four small stores of one shape in a temporary folder, `warehouse` the canonical one, that agreed when they were read through
/// at last. They hold the contacts `1` to `120`, until a test changes them.
final class SmallSync: Sendable {
    static let names = ["warehouse", "crm", "app", "local"]
    /// Later than every time in the stores.
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    let folder: String
    let state: StateFolder
    let ledger: Ledger
    /// The clock; a minute passes between two looks at it.
    private let minutes = Mutex(0)

    private static let table = """
        CREATE TABLE contacts_master (
            contact_id TEXT PRIMARY KEY, canonical_name TEXT, first_name TEXT, job_title TEXT, notes TEXT, emails TEXT,
            version INTEGER, last_updated TEXT, last_updated_by TEXT, deleted_at TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
            INSERT INTO contacts_master
            SELECT i, 'Person ' || i, 'P' || i, 'Painter', 'Sound.', '["p' || i || '@example.org"]', 5,
                '2024-01-01T00:00:00Z', 'import', NULL FROM n;
        """

    init() async throws {
        folder = FileManager.default.temporaryDirectory.path + "/rollcall-sync-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        state = try StateFolder(path: folder + "/.rollcall")
        ledger = try await Ledger.open(in: state)
        for name in Self.names { try execute(Self.table, in: name) }
        _ = try await cycle().all()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ store: String) -> String { folder + "/\(store).db" }

    func execute(_ sql: String, in stores: String...) throws {
        for store in stores {
            let queue = try DatabaseQueue(path: path(store))
            defer { try? queue.close() }
            try queue.write { try $0.execute(sql: sql) }
        }
    }

    /// Gives a contact another title, as somebody who edits it in that store does.
    func edit(_ contact: Int, to title: String, version: Int = 6, at: String = "2024-05-01T00:00:00Z", in store: String)
        throws
    {
        try execute(
            """
            UPDATE contacts_master SET job_title = '\(title)', version = \(version), last_updated = '\(at)',
                last_updated_by = '\(store)' WHERE contact_id = '\(contact)'
            """,
            in: store
        )
    }

    func value(_ column: String, of contact: Int, in store: String) throws -> String? {
        let queue = try DatabaseQueue(path: path(store))
        defer { try? queue.close() }
        return try queue.read {
            try String.fetchOne($0, sql: "SELECT \(column) FROM contacts_master WHERE contact_id = '\(contact)'")
        }
    }

    /// What the stores hold in a column of a contact, in their order.
    func values(_ column: String = "job_title", of contact: Int) throws -> [String?] {
        try Self.names.map { try value(column, of: contact, in: $0) }
    }

    /// All rows of all stores, as text.
    func rows() throws -> [[String]] {
        try Self.names.map { name in
            let queue = try DatabaseQueue(path: path(name))
            defer { try? queue.close() }
            return try queue.read {
                try Row.fetchAll($0, sql: "SELECT * FROM contacts_master ORDER BY contact_id").map(\.description)
            }
        }
    }

    // MARK: Cycles

    private func store(_ name: String) -> SQLiteStore {
        var settings = SQLiteStoreSettings(path: path(name))
        settings.timeout = .milliseconds(200)
        return SQLiteStore(name: name, settings: settings, schema: .standard, scratch: folder + "/scratch")
    }

    func reader(_ name: String) -> any ContactStore { store(name) }

    /// - Parameters:
    ///   - readers: stores that are read by others than the usual readers.
    ///   - logsReadings: as `SyncInput` has it.
    func cycle(
        readers: [String: any ContactStore] = [:],
        logsReadings: Bool = true,
        _ adjust: (inout PlanRun.Options) -> Void = { _ in }
    ) throws -> SyncCycle {
        let stores = Self.names.map { AuditInput.Store(reader: readers[$0] ?? store($0), allowEmpty: false) }
        var rules = RuleBook.standard
        // The tables have few of the schema's columns.
        rules.settings[.driftSchema]?.enabled = false
        var audit = AuditInput(
            verb: "sync",
            version: "test",
            canonical: stores[0],
            stores: Array(stores.dropFirst()),
            schema: .standard,
            rules: rules,
            configuration: TextDigest.sha256("test")
        )
        audit.now = { [self] in time() }
        let apply = ApplyInput(
            version: "test",
            configuration: TextDigest.sha256("test"),
            canonical: Self.names[0],
            targets: try Self.names.map {
                RepairTarget(name: $0, store: store($0), records: try ledger.lastRecords(of: $0))
            },
            schema: .standard,
            scheme: .xxh3,
            phoneRegion: "US",
            limits: BlastLimits(maxChange: 0.05, maxDeletes: 1000, maxInserts: 1000),
            allowsLarge: false,
            isDryRun: false,
            historyKey: nil,
            now: { [self] in time() }
        )
        var options = PlanRun.Options()
        adjust(&options)
        var input = SyncInput(audit: audit, apply: apply, options: options)
        input.logsReadings = logsReadings
        return try SyncCycle(
            input: input,
            state: state,
            ledger: ledger,
            progress: { _ in }
        )
    }

    private func time() -> Date {
        Self.now + Double(
            minutes.withLock {
                $0 += 1
                return $0
            }
        ) * 60
    }

    /// Writes down what a store tells at once.
    @discardableResult
    func tell(
        _ contact: Int?,
        row: String? = nil,
        _ change: ChangeEvent.Change = .update,
        in store: String
    ) throws -> String {
        let id = UUID().uuidString
        let event = ChangeEvent(
            id: id,
            source: store,
            contact: contact.map(String.init),
            row: row,
            change: change,
            origin: .event,
            at: Self.now,
            createdAt: Self.now
        )
        _ = try ledger.log([event])
        return id
    }

    /// `source contact change processed` of all changes that are kept.
    func rowsOfChangeLog() throws -> [String] {
        let queue = try DatabaseQueue(path: state.ledger)
        defer { try? queue.close() }
        return try queue.read {
            try String.fetchAll(
                $0,
                sql:
                    "SELECT source || ' ' || entity_id || ' ' || change_type || ' ' || processed FROM sync_change_log ORDER BY sequence"
            )
        }
    }

    /// `destination status` of what became of a change.
    func outcomes(_ event: String) throws -> [String] {
        try ledger.outcomes(ofChange: event).map { "\($0.destination) \($0.status.rawValue)" }
    }
}
