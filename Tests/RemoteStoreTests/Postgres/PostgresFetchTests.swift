import Contacts
import Stores
import Testing

/// Contacts that are read again.
@Suite(.serialized, .timeLimit(.minutes(20))) struct PostgresFetchTests {
    private static let keys: [(type: String, key: String, literal: String)] = [
        ("text", "7", "007"), ("text", "7", "7.0"), ("varchar(9)", "7", "+7"), ("char(9)", "7", "7"),
        ("bigint", "7", "7"),
        ("smallint", "7", "7"), ("numeric", "7", "7.00"),
        ("numeric(30)", "12345678901234567890123", "12345678901234567890123"),
        ("bigint", "9007199254740993", "9007199254740993"), ("double precision", "7", "7"), ("text", "-7", "-007"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"),
        ("text", "123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"),
        ("text", "jos\u{E9}", "jose\u{301}"), ("text", "it's", "it's"), ("text", "{a,\"b\"}\\", "{a,\"b\"}\\"),
    ]

    @Test("a key is found in every spelling of its type, by key and by row", arguments: keys, ["", "PRIMARY KEY"])
    func spellings(_ key: (type: String, key: String, literal: String), constraint: String) async throws {
        let other = key.type == "uuid" ? "00000000-e89b-12d3-a456-426614174000" : "8"
        let schema = try await PostgresSchema(
            """
            CREATE TABLE contacts_master (contact_id \(key.type) \(constraint), first_name text);
            INSERT INTO contacts_master VALUES ('\(other)', 'no'), (\(postgresLiteral(key.literal)), 'yes');
            """
        )
        let store = schema.store()
        let found = try await store.fetch(key.key)
        #expect(found.map { $0.values[1] } == [.text("yes")])
        #expect(try await store.fetch("77") == [])
        #expect(try await store.fetch("no number") == [])
        let row = try #require(found.first?.row)
        #expect(try await store.fetch(key.key, rows: [row, row]) == found)
        #expect(try await store.fetch("77", rows: [row]) == found)
        // Names of other tables' rows are nobody's.
        let strange: [RowID] = [.integer(3), .text("x"), .text("'a', 'b', 'c'"), .text("'7', '(1,2'"), .text("NULL")]
        #expect(try await store.fetch("77", rows: strange) == [])
    }

    @Test("a spelling that nobody expects is found by a thorough request alone")
    func thorough() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TABLE contacts_master (contact_id text PRIMARY KEY, first_name text);
            INSERT INTO contacts_master VALUES ('  \(String(repeating: "0", count: 30))7', 'yes'), ('8', 'no');
            """
        )
        let store = schema.store()
        #expect(try await store.fetch("7") == [])
        #expect(try await store.fetch("7", isThorough: true).map { $0.values[1] } == [.text("yes")])
    }

    @Test("a row of a table without a key is found where it has moved, unless others have its key")
    func moved() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TABLE contacts_master (contact_id text, first_name text);
            INSERT INTO contacts_master VALUES ('7', 'a'), ('8', 'b'), ('8', 'c'), (NULL, 'd');
            """
        )
        let store = schema.store()
        let records = try await store.read().records
        #expect(Set(records.map(\.row)).count == 4)
        let row = try #require(records.first { $0.values[1] == .text("a") }?.row)
        let eights = try #require(records.first { $0.values[1] == .text("b") }?.row)
        let none = try #require(records.first { $0.values[0] == .null }?.row)
        #expect(try await store.fetch("x", rows: [none]).map { $0.values[1] } == [.text("d")])
        try schema.execute("UPDATE contacts_master SET first_name = first_name || '!'")
        #expect(try await store.fetch("x", rows: [row]).map { $0.values[1] } == [.text("a!")])
        #expect(try await store.fetch("x", rows: [eights]) == [])
        #expect(try await store.fetch("8").count == 2)
    }

    @Test("a composite key names a row")
    func composite() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TYPE region AS ENUM ('it''s', 'eu');
            CREATE TABLE contacts_master (
                region region, contact_id integer, at timestamptz, first_name text, PRIMARY KEY (region, contact_id, at)
            );
            INSERT INTO contacts_master VALUES ('it''s', 7, '2024-01-01Z', 'a'), ('eu', 7, '2024-01-01Z', 'b'),
                ('eu', 7, '2024-01-02Z', 'c');
            """
        )
        let store = schema.store()
        let records = try await store.read().records
        #expect(records.map(\.row).contains(.text("'it''s', '7', '2024-01-01 00:00:00+00'")))
        for record in records { #expect(try await store.fetch("x", rows: [record.row]) == [record]) }
        #expect(try await store.fetch("7").count == 3)
    }

    @Test("a key on many rows fills no memory")
    func many() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TABLE contacts_master (contact_id text, first_name text);
            INSERT INTO contacts_master SELECT '7', i FROM generate_series(1, 3000) i;
            """
        )
        #expect(try await schema.store().fetch("7").count == RecordRequest.maximumRecords)
    }
}
