import Contacts
import Stores
import Testing

/// What a Postgres store does not take, and what it would do by itself.
@Suite(.serialized, .timeLimit(.minutes(20))) struct PostgresRefusalTests {
    private static let sql = """
        CREATE DOMAIN code AS varchar(3) CHECK (value <> 'bad');
        CREATE TABLE contacts_master (
            contact_id text PRIMARY KEY, first_name varchar(5), last_name text NOT NULL DEFAULT '', version integer,
            birthday date, is_me boolean, llm_context jsonb, last_updated timestamptz(0), nickname text UNIQUE,
            title code, notes text CHECK (notes <> 'no'), full_name text GENERATED ALWAYS AS (first_name || '!') STORED,
            middle_name numeric(6, 2), organization integer[], job_title char(4), department timestamp
        );
        INSERT INTO contacts_master (contact_id, first_name, nickname) VALUES ('1', 'a', 'n1'), ('2', 'b', 'n2'), ('3', 'c', NULL);
        """

    private static let refused: [(field: String, value: RawValue, why: String)] = [
        ("first_name", .text("toolong"), "longer"),
        ("last_name", .null, "column last_name of table contacts_master must not be NULL"),
        ("version", .text("1.5"), "column version has a type"),
        ("version", .text("99999999999"), "column version has a type"),
        ("birthday", .text("--02-29"), "column birthday has a type"),
        ("birthday", .text("2023-02-29"), "column birthday"),
        ("birthday", .text("2023-02-03 10:00:00"), "column birthday would keep less"),
        ("is_me", .text("perhaps"), "column is_me has a type"),
        ("llm_context", .text("{"), "column llm_context has a type"),
        ("llm_context", .json(Array(#"{"a": "\u0000"}"#.utf8)), "column llm_context"),
        ("last_updated", .text("2024-01-01 00:00:00.5Z"), "column last_updated would keep less"),
        ("nickname", .text("n2"), "must be unique (contacts_master_nickname_key)"),
        ("title", .text("bad"), "CHECK constraint"),
        ("title", .text("four"), "longer"), ("notes", .text("no"), "CHECK constraint"),
        ("notes", .text("a\0b"), "U+0000"),
        ("notes", .text([0xFF, 0xFE]), "no UTF-8"), ("full_name", .text("x"), "is computed"),
        ("contact_id", .text("9"), "names the rows"),
        ("middle_name", .text("1.239"), "column middle_name would keep less"),
        ("middle_name", .text("123456"), "column middle_name"),
        ("organization", .list([.text("x")], primary: nil), "column organization has a type"),
        ("organization", .text("7"), "takes a list"), ("notes", .list([.text("x")], primary: nil), "not a list"),
        ("job_title", .text("hello"), "longer"),
    ]

    @Test("a value that is refused is told without itself, and the others are written")
    func refused() async throws {
        for (field, value, why) in Self.refused {
            let schema = try await PostgresSchema(Self.sql)
            let store = schema.store()
            let layout = try await store.read().layout
            let place = try #require(layout.index(of: field))
            let version = try #require(layout.index(of: "version"))
            let outcomes = try await store.write([
                RecordChange(.update, key: "3", rows: [.text("'3'")], values: [version: .integer(7)]),
                RecordChange(.update, key: "1", rows: [.text("'1'")], values: [place: value]),
                RecordChange(.update, key: "2", rows: [.text("'2'")], values: [version: .text("8")]),
            ])
            let refusal = outcomes[1].postgresRefusal ?? "\(outcomes[1])"
            #expect(refusal.contains(why), "\(field): \(refusal)")
            #expect(!["toolong", "perhaps", "four", "1.239", "n2\""].contains { refusal.contains($0) })
            #expect(outcomes[0].postgresSteps != nil && outcomes[2].postgresSteps != nil)
            let state = try schema.execute("SELECT contact_id, first_name, version FROM contacts_master ORDER BY 1")
            #expect(state.split(separator: "\n") == ["1|a|", "2|b|8", "3|c|7"])
        }
    }

    private static let stored: [(field: String, value: RawValue, stored: RawValue)] = [
        ("version", .text(" 07 "), .text("7")), ("version", .real(3), .text("3")),
        ("is_me", .integer(1), .text("true")),
        ("last_updated", .text("2024-01-01T02:00:00+02:00"), .text("2024-01-01 00:00:00+00")),
        ("department", .text("2024-01-01T02:00:00+02:00"), .text("2024-01-01 00:00:00")),
        ("llm_context", .text(#"{"b":1,"a":1.50}"#), .json(Array(#"{"a": 1.50, "b": 1}"#.utf8))),
        ("middle_name", .integer(5), .text("5.00")), ("birthday", .text("2024-02-29T00:00:00"), .text("2024-02-29")),
        ("organization", .json(Array("[1, null, \"2\"]".utf8)), .list([.text("1"), .null, .text("2")], primary: nil)),
        ("job_title", .text("ab  "), .text("ab")), ("first_name", .text("äöüß€"), .text("äöüß€")),
    ]

    @Test("the journal says what the column makes of a value")
    func stored() async throws {
        let schema = try await PostgresSchema(Self.sql)
        let store = schema.store()
        let layout = try await store.read().layout
        for (field, value, stored) in Self.stored {
            let place = try #require(layout.index(of: field))
            var journalled: [RowStep] = []
            let change = RecordChange(.update, key: "1", rows: [.text("'1'")], values: [place: value])
            let outcomes = try await store.writing { writer in
                try await writer.write([change], decide: { _, _ in true }, journal: { journalled = $0[0].steps })
            }
            #expect(journalled.map(\.after) == [[field: stored]], "\(field)")
            #expect(outcomes == [.written(journalled)])
            #expect(try await store.fetch("1").map { $0.values[place] } == [stored])
            // What is so already is no step.
            #expect(try await store.write([change]) == [.written([])])
        }
    }

    @Test("constraints that wait for the end are asked at once")
    func deferred() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TABLE teams (name text PRIMARY KEY);
            CREATE TABLE contacts_master (contact_id text PRIMARY KEY,
                first_name text UNIQUE DEFERRABLE INITIALLY DEFERRED,
                last_name text REFERENCES teams DEFERRABLE INITIALLY DEFERRED);
            INSERT INTO contacts_master VALUES ('1', 'a'), ('2', 'b'), ('3', 'c');
            """
        )
        let store = schema.store()
        let outcomes = try await store.write([
            RecordChange(.update, key: "1", rows: [.text("'1'")], values: [1: .text("b")]),
            RecordChange(.update, key: "2", rows: [.text("'2'")], values: [2: .text("nowhere")]),
            RecordChange(.update, key: "3", rows: [.text("'3'")], values: [1: .text("z")]),
        ])
        #expect(outcomes.map { $0.postgresRefusal == nil } == [false, false, true])
        #expect(try await store.read().values("first_name") == ["a", "b", "z"].map { .text($0) })
    }

    @Test("triggers: what they change is told, what they pass over or refuse is refused")
    func triggers() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TABLE log (who text);
            CREATE TABLE contacts_master (contact_id text PRIMARY KEY, first_name text, last_name text DEFAULT 'own');
            INSERT INTO contacts_master VALUES ('1', 'a'), ('2', 'b'), ('3', 'c');
            CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.first_name = 'pass' THEN RETURN NULL; END IF;
                IF NEW.first_name = 'raise' THEN RAISE EXCEPTION 'Zebulon %', NEW.first_name; END IF;
                NEW.first_name := upper(NEW.first_name);
                RETURN NEW;
            END $$;
            CREATE TRIGGER watch BEFORE INSERT OR UPDATE ON contacts_master FOR EACH ROW EXECUTE FUNCTION watch();
            """
        )
        let store = schema.store()
        let outcomes = try await store.write([
            RecordChange(.update, key: "1", rows: [.text("'1'")], values: [1: .text("pass")]),
            RecordChange(.update, key: "2", rows: [.text("'2'")], values: [1: .text("raise")]),
            RecordChange(.update, key: "3", rows: [.text("'3'")], values: [1: .text("new")]),
            RecordChange(.insert, key: "4", rows: [], values: [0: .text("4"), 1: .text("add")]),
        ])
        #expect(outcomes[0].postgresRefusal?.contains("passes over it") == true)
        #expect(outcomes[1].postgresRefusal == "a trigger of table contacts_master refuses it")
        #expect(outcomes[2].postgresSteps?[0].after == ["first_name": .text("NEW")])
        #expect(
            outcomes[3].postgresSteps?[0]
                == RowStep(
                    table: "contacts_master",
                    row: .text("'4'"),
                    before: nil,
                    after: ["contact_id": .text("4"), "first_name": .text("ADD"), "last_name": .text("own")]
                )
        )
        #expect(try await store.read().values("first_name") == ["a", "b", "NEW", "ADD"].map { .text($0) })
    }

    @Test("rows that would change along with a row keep it where it is")
    func followers() async throws {
        let schema = try await PostgresSchema(
            """
            CREATE TABLE contacts_master (contact_id text PRIMARY KEY, first_name text);
            CREATE TABLE deals (id integer, contact text REFERENCES contacts_master ON DELETE CASCADE);
            CREATE TABLE contact_identifiers (id serial PRIMARY KEY,
                contact_id text NOT NULL REFERENCES contacts_master ON DELETE CASCADE, identifier_type text,
                identifier_value text, is_primary boolean);
            INSERT INTO contacts_master VALUES ('1', 'a'), ('2', 'b');
            INSERT INTO deals VALUES (1, '1');
            INSERT INTO contact_identifiers (contact_id, identifier_type, identifier_value, is_primary)
                VALUES ('1', 'email', 'a@x.org', true), ('2', 'email', 'b@x.org', true), ('2', 'social_profile', 'b', false);
            """
        )
        let store = schema.store()
        let outcomes = try await store.write([
            RecordChange(.remove, key: "1", rows: [.text("'1'")], values: [:]),
            RecordChange(.remove, key: "2", rows: [.text("'2'")], values: [:]),
        ])
        #expect(outcomes[0].postgresRefusal?.contains("rows of other tables") == true)
        #expect(
            outcomes[1].postgresSteps?.map(\.table) == [
                "contact_identifiers", "contact_identifiers", "contacts_master",
            ]
        )
        #expect(try schema.execute("SELECT count(*) FROM deals") == "1\n")
        #expect(try await store.carryOut(outcomes.postgresUndo).allSatisfy { $0.postgresSteps != nil })
        #expect(try schema.execute("SELECT id, contact_id FROM contact_identifiers ORDER BY 1") == "1|1\n2|2\n3|2\n")
    }

    @Test("a store that cannot be written says so when it is opened")
    func readOnly() async throws {
        let schema = try await PostgresSchema(
            "CREATE TABLE base (contact_id text PRIMARY KEY); CREATE VIEW contacts_master AS TABLE base"
        )
        func code(_ store: PostgresStore) async throws -> StoreError.Code? {
            do {
                await (try store.openForWriting(notify: { _ in })).close()
                return nil
            } catch let error as StoreError {
                return error.code
            }
        }
        #expect(try await code(schema.store()) == .readOnly)
        #expect(try await code(schema.store { $0.tables.table = "base" }) == nil)
        let role = try schema.role("GRANT ALL ON base TO ROLE; ALTER USER ROLE SET default_transaction_read_only = on;")
        #expect(try await code(schema.store(dsn: role.dsn) { $0.tables.table = "base" }) == .readOnly)
        let reader = try schema.role("GRANT SELECT ON base TO ROLE;")
        #expect(try await code(schema.store(dsn: reader.dsn) { $0.tables.table = "base" }) == .denied)
    }
}
