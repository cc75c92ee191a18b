import Contacts
import Foundation
import Stores
import Testing

/// What a session reads, and how it proves it.
@Suite(.serialized, .timeLimit(.minutes(20))) struct PostgresReadingTests {
    private static let rich = """
        CREATE TABLE contacts_master (
            contact_id bigint PRIMARY KEY, first_name varchar(20), last_name char(6), notes text, birthday date,
            is_business boolean, llm_context jsonb, social_network json, emails text[], phones integer[],
            version smallint, last_updated timestamptz, deleted_at timestamp, created_at timestamptz, title bytea,
            full_name double precision, nickname numeric(10, 2)
        );
        INSERT INTO contacts_master VALUES
            (9223372036854775807, 'Ada', 'ab', E'a\\nb\\\\N', '1815-12-10', true, '{"b": 1, "a": [1.50, null]}',
             '{ "b":1,  "b":2 }', ARRAY['a"b', NULL, '', 'x,y'], ARRAY[7, NULL],
             7, '2024-05-06 07:08:09.123456+02', '2024-05-06 07:08:09', '0044-03-15 00:00:00 BC', '\\x00ff27', 0.1, 12.50),
            (-9223372036854775808, '', NULL, NULL, NULL, false, 'null', NULL, '{}', NULL, NULL, NULL, NULL, 'infinity',
             '', 'NaN', NULL);
        """

    @Test("every type is handed over as the store has it")
    func types() async throws {
        let schema = try await PostgresSchema(Self.rich)
        let reading = try await schema.store().read()
        #expect(reading.records.map(\.row) == [.integer(.min), .integer(.max)])
        func expect(_ field: String, _ values: [RawValue], line: Int = #line) {
            #expect(reading.values(field) == values, "\(field), line \(line)")
        }
        expect("contact_id", [.text("-9223372036854775808"), .text("9223372036854775807")])
        expect("first_name", [.text(""), .text("Ada")])
        expect("last_name", [.null, .text("ab")])
        expect("notes", [.null, .text("a\nb\\N")])
        expect("birthday", [.null, .text("1815-12-10")])
        expect("is_business", [.text("false"), .text("true")])
        expect("llm_context", [.json(Array("null".utf8)), .json(Array(#"{"a": [1.50, null], "b": 1}"#.utf8))])
        expect("social_network", [.null, .json(Array(#"{ "b":1,  "b":2 }"#.utf8))])
        expect(
            "emails",
            [.list([], primary: nil), .list([.text("a\"b"), .null, .text(""), .text("x,y")], primary: nil)]
        )
        expect("phones", [.null, .list([.text("7"), .null], primary: nil)])
        expect("version", [.null, .text("7")])
        expect("last_updated", [.null, .text("2024-05-06 05:08:09.123456+00")])
        expect("deleted_at", [.null, .text("2024-05-06 07:08:09")])
        expect("created_at", [.text("infinity"), .text("0044-03-15 00:00:00+00 BC")])
        expect("title", [.blob([]), .blob([0, 0xFF, 0x27])])
        expect("full_name", [.text("NaN"), .text("0.1")])
        expect("nickname", [.null, .text("12.50")])
        #expect(
            reading.layout.columns.prefix(9).map(\.type) == [
                "BIGINT", "CHARACTER VARYING(20)", "CHARACTER(6)", "TEXT", "DATE", "BOOLEAN", "JSONB", "JSON",
                "TEXT ARRAY",
            ]
        )
    }

    @Test("settings of the role change no value")
    func roleSettings() async throws {
        let schema = try await PostgresSchema(Self.rich)
        let usual = try await schema.store().read()
        let role = try schema.role("GRANT SELECT ON ALL TABLES IN SCHEMA \"\(schema.name)\" TO ROLE;")
        for setting in [
            "DateStyle = 'SQL, DMY'", "TimeZone = 'Asia/Tokyo'", "extra_float_digits = 0", "bytea_output = escape",
            "standard_conforming_strings = off", "search_path = nowhere", "statement_timeout = 1",
            "enable_seqscan = off",
            "client_encoding = LATIN1",
        ] {
            try schema.execute("ALTER ROLE \(role.name) SET \(setting)")
        }
        let other = try await schema.store(dsn: role.dsn).read()
        #expect(other.records == usual.records)
    }

    @Test("a large table is read in portions of one snapshot, whatever is written meanwhile")
    func portions() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TABLE contacts_master (contact_id text PRIMARY KEY, notes text);
            INSERT INTO contacts_master SELECT i, repeat('x', 1000) FROM generate_series(1, 30000) i;
            """
        )
        let store = schema.store()
        let records = try await store.reading { session in
            let portions = try await session.portions(limit: 3)
            #expect(portions.count == 3)
            try schema.execute(
                """
                DELETE FROM contacts_master WHERE contact_id::int % 3 = 0;
                UPDATE contacts_master SET notes = 'new' WHERE contact_id::int % 3 = 1;
                INSERT INTO contacts_master SELECT i, 'new' FROM generate_series(40001, 60000) i;
                """
            )
            var rows: Set<RowID> = []
            var count = 0
            for portion in portions {
                let sink = CountingSink()
                try await session.scan(portion, into: sink)
                count += sink.rows.count
                rows.formUnion(sink.rows)
                #expect(sink.others == 0)
                #expect(sink.rows.count > 1_000)
            }
            #expect(try await session.prove().rows == 30_000)
            #expect(count == 30_000)
            return rows
        }
        #expect(records.count == 30_000)
        #expect(try await store.read(portions: 4).records.count == 40_000)
    }

    private final class CountingSink: RecordSink {
        private(set) var rows: [RowID] = []
        private(set) var others = 0

        func receive(_ record: BorrowedRecord) throws {
            rows.append(record.row)
            if record.cells[1].count != 1_000 { others += 1 }
        }

        func receiveUnreadable(_ row: RowID, reason: String) throws {}
    }

    @Test("identifiers of no contact are remarked, and a repeated key has them twice")
    func strays() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TABLE contacts_master (contact_id integer);
            CREATE TABLE contact_identifiers (contact_id text, identifier_type text, identifier_value text, is_primary text);
            INSERT INTO contacts_master VALUES (7), (7), (8), (NULL);
            INSERT INTO contact_identifiers VALUES ('7', 'email', 'b@x.org', 'no'), ('7', 'phone', '+1', NULL),
                ('7', 'email', 'a@x.org', 'Yes'), ('9', 'email', 'z@x.org', 't'), (NULL, 'phone', '2', 't'),
                ('8', 'social_profile', 's', 't'), ('9', 'platform_id', 'p', 't');
            """
        )
        let reading = try await schema.store().read()
        #expect(reading.proof.rows == 4)
        #expect(reading.proof.remarks == ["2 e-mails and phones of contact_identifiers belong to no contact"])
        let emails = RawValue.list([.text("b@x.org"), .text("a@x.org")], primary: 1)
        let byKey = Dictionary(grouping: reading.records) { $0.values[0] }
        let place = try #require(reading.layout.index(of: "emails"))
        #expect(byKey[.text("7")]?.map { $0.values[place] } == [emails, emails])
        #expect(byKey[.text("8")]?.map { $0.values[place] } == [.null])
        let found = try await schema.store().fetch("7")
        #expect(found.map { $0.values[place] } == [emails, emails])
    }

    @Test("a cancelled scan stops at once, and the session reads on")
    func cancelled() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE VIEW contacts_master AS SELECT i::text AS contact_id, CASE WHEN i > 10 THEN pg_sleep(1)::text END AS notes
            FROM generate_series(1, 100000) i;
            """
        )
        try await schema.store()
            .reading { session in
                let portions = try await session.portions(limit: 1)
                let start = ContinuousClock.now
                let task = Task { try await session.scan(portions[0], into: CountingSink()) }
                try await Task.sleep(for: .milliseconds(200))
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(ContinuousClock.now - start < .seconds(600))
                await #expect(throws: StoreError.self) { try await session.prove() }
                #expect(try await session.fetch([RecordRequest(key: "7", rows: [])])[0].count == 1)
            }
    }

    @Test("the snapshot has the server's time")
    func time() async throws {
        let schema = try await PostgresSchema("CREATE TABLE contacts_master (contact_id text)")
        let time = try await schema.store().reading { $0.snapshotAt }
        #expect(abs(time.timeIntervalSinceNow) < 60)
    }
}
