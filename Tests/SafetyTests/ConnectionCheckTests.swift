import Contacts
import Foundation
import Safety
import Stores
import TestServers
import TestSupport
import Testing
import Transport

@Suite("The check of live stores")
struct ConnectionCheckTests {
    private func check(_ stores: SafetyInput.Store...) async throws -> SafetyReport.Check {
        try await SafetyBench.outcome(ConnectionCheck(name: .canonicalConnection, stores: stores))
    }

    @Test("a store that can be read passes, with its proof, its records by their keys, and its rights")
    func sound() async throws {
        let bench = try await SafetyBench()
        try bench.fill("a.db", contacts: 5)
        let check = try await check(.present(bench.store("a.db")))
        #expect(check.status == .pass && check.advice == nil)
        #expect(check.evidence.allSatisfy { $0.source == .live })
        #expect(
            check.evidence.map(\.seen) == [
                "a.db: 5 rows read to the end of contacts_master from one read transaction",
                "a.db: 3 of 3 records found again by their keys", "a.db: the file and its folder may be written",
            ]
        )
    }

    @Test("an empty store passes: there is nothing to ask for again")
    func empty() async throws {
        let bench = try await SafetyBench()
        try bench.fill("a.db", contacts: 0)
        #expect(try await check(.present(bench.store("a.db"))).status == .pass)
    }

    @Test("of a large store the first records are read, and nobody claims its end")
    func large() async throws {
        let bench = try await SafetyBench()
        try bench.fill("a.db", contacts: 1_001)
        let check = try await check(.present(bench.store("a.db")))
        #expect(check.status == .pass)
        #expect(check.evidence[0].seen == "a.db: 1000 rows read, of more; reading it to its end is for the audit")
    }

    @Test("a file that is not there, is damaged or has no such table fails")
    func broken() async throws {
        let bench = try await SafetyBench()
        try Data(repeating: 0xA5, count: 8_192).write(to: URL(filePath: bench.path("damaged.db")))
        try bench.execute("CREATE TABLE people (id TEXT)", in: "other.db")
        for name in ["absent.db", "damaged.db", "other.db"] {
            let check = try await check(.present(bench.store(name)))
            #expect(check.status == .fail && check.message.hasPrefix("\(name): "), "\(check)")
            #expect(check.advice != nil)
        }
    }

    @Test("no store is a warning, and so is one whose credential is missing")
    func missing() async throws {
        let none = try await check()
        #expect(none.status == .warn && none.advice != nil)
        let why = SafetyInput.Missing(why: "CRM_KEY is not set")
        let left = try await check(SafetyInput.Store(name: "crm", role: .crm, reader: .failure(why)))
        #expect(left.status == .warn && left.message == "crm is left out: CRM_KEY is not set.")
    }

    /// A store that finds no record by its key.
    private struct Forgetful: ContactStore {
        let store: any ContactStore
        var name: String { store.name }
        var kind: String { store.kind }

        func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
            Session(session: try await store.open(notify: notify))
        }

        struct Session: StoreSession {
            let session: any StoreSession
            var layout: StoreLayout { session.layout }
            var snapshotAt: Date { session.snapshotAt }

            func portions(limit: Int) async throws -> [ScanPortion] { try await session.portions(limit: limit) }
            func scan(_ portion: ScanPortion, into sink: any RecordSink) async throws {
                try await session.scan(portion, into: sink)
            }
            func prove() async throws -> ReadProof { try await session.prove() }
            func fetch(_ requests: [RecordRequest]) async throws -> [[ContactRecord]] { requests.map { _ in [] } }
            func close() async { await session.close() }
        }
    }

    @Test("a store that does not find by its key what it has just shown fails")
    func forgetful() async throws {
        let bench = try await SafetyBench()
        try bench.fill("a.db", contacts: 2)
        let check = try await check(.present(Forgetful(store: bench.store("a.db"))))
        #expect(check.status == .fail && check.message.contains("none of 2 records"))
    }

    @Test("a Twenty that answers passes; with another key, and once it is down, it fails", .timeLimit(.minutes(5)))
    func twenty() async throws {
        let key = TestSecret.make("crm")
        let server = try await Simulator.twenty(arguments: ["--key", key])
        let client = HTTPClient(userAgent: "rollcall/test")
        func store(_ key: String) throws -> TwentyStore {
            var policy = RetryPolicy()
            policy.attempts = 1
            let service = Service(
                name: "crm",
                endpoint: try Endpoint(server.endpoint),
                authorization: StaticAuthorization.bearer(Secret(key)),
                client: client,
                retry: policy
            )
            return TwentyStore(name: "crm", settings: TwentyStoreSettings(), schema: .standard, service: service)
        }
        for part in try await store(key).lacking(notify: { _ in }) {
            _ = try await store(key).make(part, notify: { _ in })
        }
        let up = try await check(.present(try store(key), .crm))
        #expect(up.status == .pass, "\(up)")
        let refused = try await check(.present(try store("wrong"), .crm))
        #expect(refused.status == .fail && refused.advice == "Renew the credential of stores.crm.", "\(refused)")
        server.stop()
        let down = try await check(.present(try store(key), .crm))
        #expect(down.status == .fail && down.advice?.contains("server of stores.crm runs") == true, "\(down)")
        #expect(!TestSecret.isIn("\(up)\(refused)\(down)"))
    }

    @Test("a Postgres role that may only read is a warning, and one that may write passes", .timeLimit(.minutes(5)))
    func rights() async throws {
        let server = try await PostgresServer.shared()
        let dsn = try await server.database()
        let role = "reader_\(UUID().uuidString.prefix(8).lowercased())"
        try server.execute(
            """
            CREATE TABLE contacts_master (contact_id text PRIMARY KEY, first_name text);
            INSERT INTO contacts_master VALUES ('1', 'Ada');
            CREATE ROLE \(role) LOGIN PASSWORD '\(TestSecret.make(role))'; GRANT SELECT ON contacts_master TO \(role);
            """,
            in: dsn
        )
        let database = String(dsn.split(separator: "/").last ?? "")
        let reading = server.address(of: database, user: role, password: TestSecret.make(role))
        func check(_ dsn: String) async throws -> SafetyReport.Check {
            let store = PostgresStore(name: "app", settings: PostgresStoreSettings(dsn: Secret(dsn)), schema: .standard)
            return try await self.check(.present(store, .application))
        }
        let owner = try await check(dsn)
        #expect(owner.status == .pass, "\(owner)")
        let reader = try await check(reading)
        #expect(reader.status == .warn && reader.message == "app can be read and not written.", "\(reader)")
        #expect(reader.evidence.last?.seen.contains("no INSERT, UPDATE, DELETE on contacts_master") == true)
        try server.execute("REVOKE SELECT ON contacts_master FROM \(role)", in: dsn)
        #expect(try await check(reading).status == .fail)
    }

    @Test(
        "a BigQuery table of more rows than are read is asked for some of them again; one that is not there fails",
        .timeLimit(.minutes(10))
    )
    func bigQuery() async throws {
        let emulator = try await BigQueryEmulator.shared()
        let dataset = try await emulator.dataset()
        _ = try await emulator.rows(
            of: """
                CREATE TABLE \(dataset).contacts_master AS
                SELECT n AS contact_id, CONCAT('Person ', CAST(n AS STRING)) AS first_name FROM UNNEST(GENERATE_ARRAY(1, 1500)) AS n
                """
        )
        func check(_ dataset: String) async throws -> SafetyReport.Check {
            let service = Service(
                name: "warehouse",
                endpoint: try Endpoint(emulator.endpoint),
                authorization: StaticAuthorization([]),
                client: HTTPClient(userAgent: "rollcall/test")
            )
            var settings = BigQueryStoreSettings(project: emulator.project, dataset: dataset)
            settings.pageSize = 700
            let store = BigQueryStore(name: "warehouse", settings: settings, schema: .standard, service: service)
            return try await self.check(.present(store))
        }
        let sound = try await check(dataset)
        #expect(sound.status == .pass, "\(sound)")
        #expect(
            sound.evidence.map(\.seen) == [
                "warehouse: 1000 rows read, of more; reading it to its end is for the audit",
                "warehouse: 3 of 3 records found again by their keys",
            ]
        )
        let absent = try await check("nowhere")
        #expect(absent.status == .fail && absent.advice != nil, "\(absent)")
    }
}
