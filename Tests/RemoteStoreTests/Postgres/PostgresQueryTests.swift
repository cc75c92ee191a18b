import Contacts
import Stores
import Testing

/// A SELECT of the user's own, and what is refused in its place.
@Suite(.serialized, .timeLimit(.minutes(20))) struct PostgresQueryTests {
    private static let sql = """
        CREATE TABLE contacts_master (contact_id text PRIMARY KEY, first_name text, age integer);
        INSERT INTO contacts_master VALUES ('007', 'Zebulon', 0), ('8', 'Yolanda', 3), ('9', NULL, NULL);
        CREATE SEQUENCE numbers;
        CREATE FUNCTION writes() RETURNS text LANGUAGE sql AS 'DELETE FROM contacts_master RETURNING contact_id';
        """

    private struct Answer: Equatable {
        var values: [RawValue] = []
        var end: StoreQuery.End
    }

    /// A schema, and its store as a role that may only read.
    private func make() async throws -> (schema: PostgresSchema, store: PostgresStore) {
        let schema = try await PostgresSchema(Self.sql)
        let role = try schema.role(
            "GRANT ALL ON ALL TABLES IN SCHEMA \"\(schema.name)\" TO ROLE; GRANT ALL ON SEQUENCE numbers TO ROLE;"
        )
        return (schema, schema.store(dsn: role.dsn))
    }

    private func answer(
        _ store: PostgresStore,
        _ sql: String,
        limit: Int = 10,
        timeout: Duration = .seconds(30)
    ) async throws -> Answer {
        var values: [RawValue] = []
        let query = StoreQuery(sql: sql, limit: limit, timeout: timeout)
        let end = try await store.select(query, notify: { _ in }, receive: { values.append($0) })
        return Answer(values: values, end: end)
    }

    @Test("a SELECT gives its column")
    func selects() async throws {
        let store = try await make().store
        let selects: [(String, [RawValue])] = [
            ("SELECT contact_id FROM contacts_master ORDER BY 1", ["007", "8", "9"].map { .text($0) }),
            ("WITH x AS (SELECT 7 AS id) SELECT id FROM x", [.text("7")]),
            ("VALUES (7.0), (NULL)", [.text("7.0"), .null]),
            ("SELECT '\(String(repeating: "7", count: 1024))'", [.text(String(repeating: "7", count: 1024))]),
            ("SELECT '\(String(repeating: "7", count: 1025))'", [.null]),
            ("-- a remark\nSELECT 7 /* ; */ ; ;\n", [.text("7")]),
            ("SELECT 7 -- a remark", [.text("7")]),
        ]
        for (sql, values) in selects {
            try await store.check(select: sql)
            #expect(try await answer(store, sql) == Answer(values: values, end: .complete), "\(sql)")
        }
    }

    @Test("what is no SELECT with one column is refused, and nothing is written")
    func refused() async throws {
        let (schema, store) = try await make()
        let before = try schema.execute("TABLE contacts_master")
        let texts = [
            "DELETE FROM contacts_master RETURNING contact_id", "DROP TABLE contacts_master", "SELECT 1; SELECT 2",
            "SELECT 1) AS q; DROP TABLE contacts_master; --", "SELECT 1; COMMIT; DROP TABLE contacts_master",
            "EXPLAIN SELECT 1",
            "WITH x AS (DELETE FROM contacts_master RETURNING contact_id) SELECT * FROM x",
            "COPY contacts_master TO STDOUT",
            "SELECT $1", "SELECT contact_id, first_name FROM contacts_master", "-- nothing", "SELEC 1", "SELECT 1\u{0}",
            "SELECT 'Zebulon' 'x' FROM", "SELECT no_such(1)",
        ]
        for text in texts {
            let error = await #expect(throws: StoreQuery.Refusal.self, "\(text)") {
                try await store.check(select: text)
            }
            #expect(error?.message.contains("Zebulon") == false)
            await #expect(throws: StoreQuery.Refusal.self, "\(text)") { try await answer(store, text) }
        }
        for text in [
            "SELECT writes()", "SELECT nextval('numbers')", "SELECT set_config('transaction_read_only', 'off', true)",
        ] {
            try await store.check(select: text)
            await #expect(throws: (any Error).self, "\(text)") { try await answer(store, text) }
        }
        // Another state of the store may have it.
        try await store.check(select: "SELECT x FROM no_such_table")
        let refusal = await #expect(throws: StoreQuery.Refusal.self) {
            try await answer(store, "SELECT x FROM no_such_table")
        }
        #expect(refusal?.isAboutTables == true)
        #expect(try schema.execute("TABLE contacts_master") == before)
    }

    @Test("a SELECT that fails on the data names no value")
    func failsOnData() async throws {
        let store = try await make().store
        for text in ["SELECT 1 / age FROM contacts_master", "SELECT first_name::integer FROM contacts_master"] {
            let error = await #expect(throws: StoreError.self) { try await answer(store, text) }
            #expect(error?.code == .input)
            #expect(error?.message.contains("Zebulon") == false)
        }
    }

    @Test("rows beyond the limit are counted, and time is limited")
    func limits() async throws {
        let store = try await make().store
        let rows = try await answer(store, "SELECT generate_series(1, 100)", limit: 3)
        #expect(rows == Answer(values: ["1", "2", "3"].map { .text($0) }, end: .limit(further: 97, isExact: true)))
        #expect(try await answer(store, "SELECT generate_series(1, 3)", limit: 3).end == .complete)
        let many = try await answer(store, "SELECT generate_series(1, 3000000)", limit: 1)
        #expect(many.end == .limit(further: StoreQuery.maximumFurther, isExact: false))
        let slow = try await answer(store, "SELECT pg_sleep(900)::text", timeout: .milliseconds(300))
        #expect(slow == Answer(end: .timeout))
    }

    @Test("a superuser runs none, and neither does who may reach the server's files")
    func superuser() async throws {
        let (schema, _) = try await make()
        let error = await #expect(throws: StoreError.self) { try await answer(schema.store(), "SELECT 1") }
        #expect(error?.code == .denied)
        let role = try schema.role("GRANT pg_read_server_files TO ROLE;")
        let other = await #expect(throws: StoreError.self) { try await answer(schema.store(dsn: role.dsn), "SELECT 1") }
        #expect(other?.code == .denied)
    }

    @Test("a cancelled task ends its SELECT")
    func cancelled() async throws {
        let store = try await make().store
        let start = ContinuousClock.now
        let task = Task { try await answer(store, "SELECT pg_sleep(900)::text") }
        try await Task.sleep(for: .milliseconds(500))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(600))
    }
}
