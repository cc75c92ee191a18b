import Contacts
import Stores
import TestServers
import Testing

/// What cannot be read is told with what to do, and without a value.
@Suite(.serialized, .timeLimit(.minutes(20))) struct PostgresErrorTests {
    private static let table = """
        CREATE TABLE contacts_master (contact_id text PRIMARY KEY, first_name text, notes text);
        INSERT INTO contacts_master VALUES ('7', 'Zebulon', 'x');
        """

    private func failure(
        _ schema: PostgresSchema,
        dsn: String,
        _ adjust: (inout PostgresStoreSettings) -> Void = { _ in }
    )
        async throws -> StoreError
    {
        let failure = try await schema.store(dsn: dsn, adjust).failure()
        let error = try #require(failure)
        #expect(!error.message.contains("Zebulon") && !error.message.contains(schema.server.password))
        return error
    }

    @Test("a wrong password, user, database, port and string each have their words")
    func connecting() async throws {
        let schema = try await PostgresSchema(Self.table)
        let server = schema.server
        let database = String(schema.dsn.split(separator: "/").last ?? "")
        let wrong = try await failure(schema, dsn: server.address(of: database, password: "wrong-hunter2"))
        #expect(wrong.code == .credentials)
        #expect(wrong.message.contains("stores.app.dsn") && !wrong.message.contains("hunter2"))
        #expect(try await failure(schema, dsn: server.address(of: database, user: "nobody")).code == .credentials)
        let none = "postgresql://\(server.user)@127.0.0.1:\(server.port)/\(database)"
        #expect(try await failure(schema, dsn: none).code == .credentials)
        let expired = try schema.role("GRANT SELECT ON contacts_master TO ROLE;")
        try schema.execute("ALTER ROLE \(expired.name) VALID UNTIL '2000-01-01'")
        let late = try await failure(schema, dsn: expired.dsn)
        #expect(late.code == .credentials && late.message.contains("stores.app.dsn"))
        #expect(try await failure(schema, dsn: server.address(of: "no_such")).code == .missing)
        let closed = try await failure(schema, dsn: "postgresql://u:pass-hunter2@127.0.0.1:1/x")
        #expect(closed.code == .unreachable && closed.isRetryable)
        #expect(!closed.message.contains("hunter2"))
        let strings = [
            "", "hello pass-hunter2", "postgresql://u:pass-hunter2@h:port:3/x", "postgresql://u@h/x?nonsense=hunter2",
            "\u{0}",
            "postgresql://u:pass/hunter2@h/x", "postgresql://u:pass@hunter2@h/x", "postgresql://u:1/hunter2@h/x",
        ]
        for string in strings {
            let error = try await failure(schema, dsn: string)
            #expect(error.code == .credentials && !error.message.contains("hunter2"), "\(string): \(error)")
        }
    }

    @Test("a certificate that does not verify is not trusted, and one that does is")
    func certificates() async throws {
        let schema = try await PostgresSchema(Self.table)
        let strict = schema.dsn + "?sslmode=verify-full"
        let error = try await failure(schema, dsn: strict + "&sslrootcert=/etc/ssl/certs/ca-certificates.crt")
        #expect(error.code == .untrusted)
        #expect(error.message.contains("sslrootcert"))
        let file = schema.server.certificateFile
        #expect(try await schema.store(dsn: strict + "&sslrootcert=" + file).read().records.count == 1)
        // The certificate has another name than the one that is asked for; the address is the same.
        let other = strict.replacing("@127.0.0.1:", with: "@other.example:") + "&hostaddr=127.0.0.1&sslrootcert=" + file
        #expect(try await failure(schema, dsn: other).code == .untrusted)
        // Without a mode, a server by another name than this machine's must prove it.
        let usual =
            schema.dsn.replacing("@127.0.0.1:", with: "@other.example:") + "?hostaddr=127.0.0.1&sslrootcert=" + file
        let unproved = try await failure(schema, dsn: usual)
        #expect(unproved.code == .untrusted)
        #expect(unproved.message.contains("verify-full"))
    }

    @Test("a missing table, schema, key and child table are named")
    func missing() async throws {
        let schema = try await PostgresSchema(
            Self.table + "CREATE TABLE other (n integer); CREATE TABLE contact_identifiers (x text)"
        )
        func code(_ adjust: (inout PostgresStoreSettings) -> Void) async throws -> StoreError.Code {
            try await failure(schema, dsn: schema.dsn, adjust).code
        }
        let error = try await failure(schema, dsn: schema.dsn) { $0.tables.table = "people" }
        #expect(error.code == .noTable)
        #expect(error.message.contains("contacts_master, other"))
        #expect(try await code { $0.schema = "nowhere" } == .noTable)
        #expect(
            try await code {
                $0.tables.table = "other"
                $0.tables.identifiers = .none
            } == .noKey
        )
        #expect(try await code { $0.tables.identifiers = .table("no_such") } == .noTable)
        #expect(try await code { _ in } == .badMapping)
        let layout = try await schema.store { $0.tables.identifiers = .none }.read().layout
        #expect(layout.missing.contains("last_name") && !layout.missing.contains("first_name"))
    }

    @Test("a renamed column is missing from the layout, another letter case is not")
    func renamed() async throws {
        let schema = try await PostgresSchema(Self.table)
        try schema.execute(
            "ALTER TABLE contacts_master RENAME first_name TO given; ALTER TABLE contacts_master RENAME notes TO \"Notes\""
        )
        let reading = try await schema.store().read()
        #expect(reading.layout.missing.contains("first_name"))
        #expect(reading.values("notes") == [.text("x")])
        #expect(reading.layout.notCompared.contains { $0.field == "given" })
    }

    @Test("a right that is missing is named, of a table and of one column")
    func denied() async throws {
        let schema = try await PostgresSchema(Self.table)
        let role = try schema.role()
        let table = try await failure(schema, dsn: role.dsn)
        #expect(table.code == .denied)
        #expect(table.message.contains("contacts_master"))
        try schema.execute("GRANT SELECT (contact_id, first_name) ON contacts_master TO \(role.name)")
        let column = try await failure(schema, dsn: role.dsn)
        #expect(column.code == .denied)
        #expect(column.message.contains("column notes of table contacts_master"))
        // A field that is not held is not read.
        let store = schema.store(dsn: role.dsn) { $0.tables.fields["notes"] = .notHeld }
        #expect(try await store.read().records.count == 1)
        await #expect(throws: StoreError.self) { try await store.openForWriting(notify: { _ in }) }
        try schema.execute("REVOKE USAGE ON SCHEMA \"\(schema.name)\" FROM \(role.name)")
        #expect(try await failure(schema, dsn: role.dsn).code == .denied)
    }

    @Test("rows that a policy hides are an error, not missing")
    func policies() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TABLE contacts_master (contact_id text PRIMARY KEY, owner text);
            INSERT INTO contacts_master SELECT i, CASE WHEN i <= 6 THEN 'us' END FROM generate_series(1, 10) i;
            ALTER TABLE contacts_master ENABLE ROW LEVEL SECURITY;
            CREATE POLICY ours ON contacts_master USING (owner = 'us');
            """
        )
        let role = try schema.role("GRANT SELECT, UPDATE ON contacts_master TO ROLE;")
        let error = try await failure(schema, dsn: role.dsn)
        #expect(error.code == .denied)
        #expect(error.message.contains("BYPASSRLS"))
        try schema.execute("ALTER ROLE \(role.name) BYPASSRLS")
        #expect(try await schema.store(dsn: role.dsn).read().records.count == 10)
    }

    @Test("a table that is locked for too long is told, and nothing hangs")
    func locked() async throws {
        let schema = try await PostgresSchema(Self.table)
        let error = try await schema.holding("LOCK TABLE contacts_master IN ACCESS EXCLUSIVE MODE") {
            try await failure(schema, dsn: schema.dsn) { $0.timeout = .milliseconds(500) }
        }
        #expect(error.code == .locked && error.isRetryable)
        #expect(try await schema.store().read().records.count == 1)
    }

    @Test("a server that hangs up in the middle of a scan proves nothing")
    func lost() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TABLE contacts_master (contact_id text PRIMARY KEY, notes text);
            INSERT INTO contacts_master SELECT i, repeat('x', 1000) FROM generate_series(1, 50000) i;
            """
        )
        let role = try schema.role("GRANT SELECT ON contacts_master TO ROLE;")
        let store = schema.store(dsn: role.dsn)
        var error: StoreError?
        do {
            _ = try await store.read(
                before: PostgresOnce {
                    _ = try? schema.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '\(role.name)'"
                    )
                }
                .run
            )
        } catch let thrown as StoreError {
            error = thrown
        }
        #expect(error?.code == .unreachable)
        #expect(error?.isRetryable == true)
    }
}
