import Contacts
import StoreConformance
import Stores
import TestServers
import Testing

/// A store behind PgBouncer, which gives each transaction another connection to the server.
@Suite(.serialized, .timeLimit(.minutes(20))) struct PostgresPoolerTests {
    private static let table = """
        CREATE TABLE contacts_master (contact_id bigint PRIMARY KEY, first_name text, birthday date, last_updated timestamptz);
        INSERT INTO contacts_master SELECT i, 'Ada ' || i, '2000-01-02', '2024-05-06 07:08:09.123456Z'
            FROM generate_series(1, 100) i;
        """

    @Test(
        "a store behind a pooler does what every store does",
        arguments: StoreConformance.all + StoreConformance.writing,
        [PostgresShape.typed, .childTable]
    )
    func conforms(check: StoreConformance, shape: PostgresShape) async throws {
        let pooler = try await PgBouncer(to: PostgresServer.shared(), connections: 4)
        try await check.run { contacts in
            let schema = try await PostgresSchema(shape.sql + shape.insertion(contacts))
            return schema.store(dsn: pooler.address(of: schema.dsn))
        }
    }

    @Test("what others leave behind in a connection changes no value, and nothing of ours is left behind")
    func leftovers() async throws {
        let schema = try await PostgresSchema(Self.table)
        let pooler = try await PgBouncer(to: schema.server, connections: 1)
        let dsn = pooler.address(of: schema.dsn)
        let straight = try await schema.store().read()
        try schema.server.execute(
            "SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German'; SET extra_float_digits = 0; SET search_path = nowhere",
            in: dsn
        )
        let pooled = try await schema.store(dsn: dsn).read()
        #expect(pooled.records == straight.records && pooled.records.count == 100)
        let key = try #require(pooled.layout.index(of: "first_name"))
        let change = RecordChange(.update, key: "7", rows: [pooled.records[6].row], values: [key: .text("Augusta")])
        #expect(try await schema.store(dsn: dsn).write([change])[0].postgresSteps?.count == 1)
        #expect(try await schema.store(dsn: dsn).fetch("7").first?.values[key] == .text("Augusta"))
        #expect(try schema.server.execute("SHOW row_security; SHOW statement_timeout", in: dsn) == "on\n0\n")
    }

    @Test("a pooler with one connection left slows a scan down, and does not stop it")
    func exhausted() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TABLE contacts_master (contact_id bigint PRIMARY KEY, notes text);
            INSERT INTO contacts_master SELECT i, repeat('x', 2000) FROM generate_series(1, 20000) i;
            ANALYZE contacts_master;
            """
        )
        let pooler = try await PgBouncer(to: schema.server, connections: 1)
        let reading = try await schema.store(dsn: pooler.address(of: schema.dsn)).read(portions: 4)
        #expect(reading.records.count == 20_000 && reading.proof.rows == 20_000)
    }
}
