import Audit
import Contacts
import Fingerprint
import Foundation
import GRDB
import Ledger
import Repair
import Rules
import Sync

/// Three SQLite stores with the same contacts, `1` to `6`, and a state folder with its ledger; canonical is `canonical`.
final class ScratchStores: Sendable {
    static let canonical = "canonical"
    static let second = "second"
    static let third = "third"
    static let names = [canonical, second, third]
    static let contacts = 6
    private static let configuration = TextDigest.sha256("scratch")

    let state: StateFolder
    let ledger: Ledger
    /// Counts the rows that are written through the stores.
    let writes = WriteCounter()
    private let folder: String
    private let space: ScratchSpace

    private static let table = """
        CREATE TABLE contacts_master (
            contact_id TEXT PRIMARY KEY, first_name TEXT, last_name TEXT, job_title TEXT, emails TEXT, version INTEGER,
            last_updated TEXT, last_updated_by TEXT, deleted_at TEXT
        );
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(contacts))
        INSERT INTO contacts_master
        SELECT i, 'Person', 'No. ' || i, 'Painter', '["person.' || i || '@example.org"]', 1, '2024-01-01T00:00:00Z', 'seed',
            NULL
        FROM n
        """

    init(folder: String, space: ScratchSpace) async throws {
        self.folder = folder
        self.space = space
        state = try StateFolder(path: folder + "/state")
        ledger = try await Ledger.open(in: state)
        for name in Self.names { try execute(Self.table, in: name) }
    }

    func path(_ name: String) -> String { "\(folder)/\(name).db" }

    /// Executes SQL on a store's file, past all that is checked.
    func execute(_ sql: String, in name: String) throws {
        let queue = try DatabaseQueue(path: path(name))
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// Has somebody change a contact's job title in a store.
    func change(_ contact: Int, to title: String, version: Int, at time: String, in name: String) throws {
        try execute(
            """
            UPDATE contacts_master SET job_title = '\(title)', version = \(version), last_updated = '\(time)'
            WHERE contact_id = '\(contact)'
            """,
            in: name
        )
    }

    /// Makes nonsense of a store's file behind its header, as a failing disk does.
    func damage(_ name: String) throws {
        let handle = try FileHandle(forUpdating: URL(filePath: path(name)))
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: 100)
        try handle.write(contentsOf: Data(repeating: 0xA5, count: Int(size) - 100))
        try handle.close()
    }

    /// Every row of every store, as its file holds it.
    func rows() throws -> [[String]] {
        try Self.names.map { name in
            let queue = try DatabaseQueue(path: path(name))
            let rows = try queue.read { database in
                try Row.fetchAll(
                    database,
                    sql: "SELECT rowid AS number, * FROM contacts_master ORDER BY contact_id, rowid"
                )
                .map(\.description)
            }
            try queue.close()
            return rows
        }
    }

    /// The job title of a contact in each store, as its file holds it; nil where the contact is not there.
    func titles(_ contact: Int) throws -> [String?] {
        try Self.names.map { name in
            let queue = try DatabaseQueue(path: path(name))
            let title = try queue.read { database in
                try String.fetchOne(
                    database,
                    sql: "SELECT job_title FROM contacts_master WHERE contact_id = ?",
                    arguments: [String(contact)]
                )
            }
            try queue.close()
            return title
        }
    }

    // MARK: The pipeline

    func audit() async throws -> AuditReport { try await space.pipeline.audit(auditInput("audit"), state, ledger) }

    func plan() async throws -> RepairPlan { try await space.pipeline.plan(auditInput("plan"), state, ledger) }

    /// Logs an event that a contact changed in a store, and carries out what waits.
    ///
    /// - Parameter replacing: readers in the place of the stores', by name.
    func sync(
        _ contact: String,
        in store: String,
        replacing readers: [String: any ContactStore] = [:]
    ) async throws -> SyncReport {
        let event = ChangeEvent(
            id: "change of \(contact)",
            source: store,
            contact: contact,
            row: nil,
            change: .update,
            origin: .event,
            at: Date(),
            createdAt: Date()
        )
        _ = try ledger.log([event])
        let audit = auditInput("sync", replacing: readers)
        let input = SyncInput(audit: audit, apply: applyInput, options: PlanRun.Options())
        return try await space.pipeline.sync(input, state, ledger)
    }

    func apply(_ plan: RepairPlan) async throws -> ApplyReport {
        try await space.pipeline.apply(plan, applyInput, state, ledger)
    }

    private func store(_ name: String) -> any WritableStore {
        CountingStore(store: space.store(name, path(name)), counter: writes)
    }

    private func auditInput(_ verb: String, replacing readers: [String: any ContactStore] = [:]) -> AuditInput {
        let stores = Self.names.map { AuditInput.Store(reader: readers[$0] ?? store($0), allowEmpty: false) }
        var input = AuditInput(
            verb: verb,
            version: "",
            canonical: stores[0],
            stores: Array(stores.dropFirst()),
            schema: .standard,
            rules: .standard,
            configuration: Self.configuration
        )
        input.scheme = space.scheme
        input.recheck.delay = .zero
        input.recheck.lag = .zero
        return input
    }

    private var applyInput: ApplyInput {
        ApplyInput(
            version: "",
            configuration: Self.configuration,
            canonical: Self.canonical,
            targets: Self.names.map { RepairTarget(name: $0, store: store($0), records: Self.contacts) },
            schema: .standard,
            scheme: space.scheme,
            phoneRegion: "US",
            limits: BlastLimits(maxChange: 1, maxDeletes: 0, maxInserts: Self.contacts),
            allowsLarge: true,
            isDryRun: false,
            historyKey: nil,
            now: { Date() }
        )
    }
}
