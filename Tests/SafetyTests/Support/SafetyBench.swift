import Audit
import Contacts
import Fingerprint
import Foundation
import GRDB
import Ledger
import Safety
import Stores
import TestSupport
import Transport

/// A state folder with its ledger, and room for stores: removed with this object.
final class SafetyBench {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    let folder: TemporaryFolder
    let state: StateFolder
    let ledger: Ledger

    init() async throws {
        folder = try TemporaryFolder()
        state = try StateFolder(path: folder.url.appending(path: ".rollcall").path)
        ledger = try await Ledger.open(in: state)
    }

    func path(_ name: String) -> String { folder.url.appending(path: name).path }

    /// Executes SQL on a database, which is made where it is missing; the ledger is `ledger`.
    func execute(_ sql: String, in name: String) throws {
        let queue = try DatabaseQueue(path: name == "ledger" ? state.ledger : path(name))
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// How many rows a table of the ledger has.
    func count(_ table: String) throws -> Int {
        let queue = try DatabaseQueue(path: state.ledger)
        defer { try? queue.close() }
        return try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    // MARK: Stores

    /// Makes a database of contacts `1` and so on.
    func fill(_ name: String, contacts: Int) throws {
        try execute(
            """
            CREATE TABLE contacts_master (contact_id TEXT PRIMARY KEY, first_name TEXT, version INTEGER);
            INSERT INTO contacts_master
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(contacts))
            SELECT i, 'Person ' || i, 1 FROM n WHERE i <= \(contacts)
            """,
            in: name
        )
    }

    static func store(_ name: String, _ path: String) -> any WritableStore {
        SQLiteStore(
            name: name,
            settings: SQLiteStoreSettings(path: path),
            schema: .standard,
            scratch: (path as NSString).deletingLastPathComponent + "/copies"
        )
    }

    func store(_ name: String) -> any WritableStore { Self.store(name, path(name)) }

    /// A store of a server that is asked once.
    @Sendable static func unreachable(_ name: String, _ port: Int) -> any ContactStore {
        var policy = RetryPolicy()
        policy.attempts = 1
        // A number is a port of an address that is well formed.
        let endpoint = try? Endpoint("http://127.0.0.1:\(port)")
        guard let endpoint else { return store(name, "/nowhere") }
        let service = Service(
            name: name,
            endpoint: endpoint,
            authorization: StaticAuthorization([]),
            client: HTTPClient(userAgent: "rollcall/test"),
            retry: policy
        )
        return SupabaseStore(name: name, settings: SupabaseStoreSettings(), schema: .standard, service: service)
    }

    // MARK: Checks

    /// Room for scratch stores.
    ///
    /// - Parameter change: replaces what audits, plans and applies.
    func scratch(
        _ scheme: HashScheme = .xxh3,
        _ change: (inout ScratchPipeline) -> Void = { _ in }
    ) -> ScratchSpace {
        var space = ScratchSpace(folder: path("scratch-\(UUID().uuidString)"), makeStore: Self.store, scheme: scheme)
        change(&space.pipeline)
        return space
    }

    func input(_ stores: [SafetyInput.Store]) -> SafetyInput {
        SafetyInput(
            stores: stores,
            state: state,
            ledger: ledger,
            historyKey: nil,
            scheme: .xxh3,
            fullAuditWithin: nil,
            rulesOfFullAudit: [],
            makeScratchStore: Self.store,
            makeUnreachable: Self.unreachable,
            now: { Self.now }
        )
    }

    /// The check as it comes out of a run.
    static func outcome(_ check: any SafetyCheck) async throws -> SafetyReport.Check {
        let run = SafetyRun(checks: [check], coverage: PipelineCoverage(roles: [.canonical]))
        return try await run.run().checks[0]
    }
}

extension SafetyInput.Store {
    /// A store that can be opened.
    static func present(_ store: any ContactStore, _ role: Role = .canonical) -> SafetyInput.Store {
        SafetyInput.Store(name: store.name, role: role, reader: .success(store))
    }
}
