import Contacts
import Stores
import Testing

/// What the application's own constraints refuse, and what is refused because it could not be taken back.
@Suite struct SQLiteWriterRefusalTests {
    /// A table in which contact 2 cannot become `bad`, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let sql: String
        let value: RawValue
        let why: String
        var testDescription: String { why }

        init(_ sql: String, _ why: String) { self.init(sql, .text("bad"), why) }

        init(_ sql: String, _ value: RawValue, _ why: String) {
            self.sql = sql
            self.value = value
            self.why = why
        }
    }

    private static func table(_ column: String, _ more: String = "", strict: Bool = false) -> String {
        "CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name \(column))"
            + (strict ? " STRICT;" : ";") + more
            + "INSERT INTO contacts_master VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'taken');"
    }

    private static func trigger(_ what: String) -> String {
        "CREATE TRIGGER t AFTER UPDATE ON contacts_master WHEN NEW.first_name = 'bad' BEGIN SELECT RAISE(\(what)); END;"
    }

    static let cases = [
        Case(
            table("TEXT CHECK (first_name <> 'bad')"),
            "a CHECK constraint of table contacts_master does not hold: first_name <> 'bad'"
        ),
        Case(
            table("TEXT UNIQUE"),
            .text("taken"),
            "another row has the same value, and contacts_master.first_name must be unique"
        ),
        // Not what the table would do by itself: take the other row away, or say nothing.
        Case(
            table("TEXT UNIQUE ON CONFLICT REPLACE"),
            .text("taken"),
            "another row has the same value, and contacts_master.first_name must be unique"
        ),
        Case(
            table("TEXT UNIQUE ON\nconflict IGNORE"),
            .text("taken"),
            "another row has the same value, and contacts_master.first_name must be unique"
        ),
        Case(
            table("TEXT UNIQUE ON CONFLICT ROLLBACK"),
            .text("taken"),
            "another row has the same value, and contacts_master.first_name must be unique"
        ),
        Case(table("TEXT NOT NULL"), .null, "contacts_master.first_name must not be NULL"),
        Case(
            table("TEXT", strict: true),
            .blob([1]),
            "table contacts_master is STRICT: cannot store BLOB value in TEXT column contacts_master.first_name"
        ),
        Case(table("TEXT", trigger("ABORT, 'Zebulon'")), "a trigger of table contacts_master refuses it"),
        Case(table("TEXT", trigger("FAIL, 'Zebulon'")), "a trigger of table contacts_master refuses it"),
        Case(table("TEXT", trigger("ROLLBACK, 'Zebulon'")), "a trigger of table contacts_master refuses it"),
        Case(
            table("TEXT", trigger("IGNORE").replacing("AFTER", with: "BEFORE")),
            "table contacts_master did not take it for exactly one row: a trigger may pass over it"
        ),
        Case(
            table(
                "TEXT REFERENCES names",
                "CREATE TABLE names (n TEXT PRIMARY KEY);"
                    + "INSERT INTO names VALUES ('a'), ('b'), ('c'), ('x'), ('y'), ('taken');"
            ),
            "a foreign key would lead nowhere: a row of table contacts_master refers to one that is not there, or is"
                + " referred to"
        ),
        Case(
            table(
                "TEXT REFERENCES names DEFERRABLE INITIALLY DEFERRED",
                "CREATE TABLE names (n TEXT PRIMARY KEY);"
                    + "INSERT INTO names VALUES ('a'), ('b'), ('c'), ('x'), ('y'), ('taken');"
            ),
            "a foreign key would lead nowhere: a row of table contacts_master refers to one that is not there, or is"
                + " referred to"
        ),
        Case(table("TEXT"), .list([.text("bad")], primary: nil), "a column takes one value, not a list"),
    ]

    @Test("a refused change is rolled back alone, and said without values", arguments: cases)
    func refused(_ example: Case) async throws {
        let file = try TestDatabase(example.sql)
        let store = file.store()
        let field = try #require(try await store.read().layout.index(of: "first_name"))
        var journalled = 0
        let outcomes = try await store.writing { writer in
            try await writer.write(
                [(1, .text("x")), (2, example.value), (3, .text("y"))]
                    .map { row, value in
                        RecordChange(.update, key: "\(row)", rows: [.integer(row)], values: [field: value])
                    },
                decide: { _, _ in true },
                journal: { journalled = $0.count }
            )
        }
        #expect(outcomes[1] == .refused(example.why))
        #expect(outcomes[0].steps?.count == 1)
        #expect(outcomes[2].steps?.count == 1)
        #expect(journalled >= 2)
        #expect(
            try await store.read().values("first_name") == [.text("x"), .text("b"), .text("y"), .text("taken")]
        )
    }

    @Test("where the second statement of a change is refused, the first is taken back")
    func halfAChange() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT);
            CREATE TABLE contact_identifiers (contact_id INTEGER, identifier_type TEXT, identifier_value TEXT UNIQUE);
            INSERT INTO contacts_master VALUES (1, 'a'), (2, 'b');
            INSERT INTO contact_identifiers VALUES (1, 'email', 'taken'), (2, 'email', 'own');
            """
        )
        let start = try Dump(file.path)
        let store = file.store()
        let layout = try await store.read().layout
        let name = try #require(layout.index(of: "first_name"))
        let emails = try #require(layout.index(of: "emails"))
        let key = try #require(layout.index(of: "contact_id"))
        let values: [Int: RawValue] = [name: .text("x"), emails: .list([.text("taken")], primary: nil)]
        let outcomes = try await store.writing { writer in
            try await writer.write(
                [
                    RecordChange(.update, key: "2", rows: [.integer(2)], values: values),
                    RecordChange(.insert, key: "9", rows: [], values: values.merging([key: .integer(9)]) { $1 }),
                ],
                decide: { _, _ in true },
                journal: { _ in }
            )
        }
        let why = "another row has the same value, and contact_identifiers.identifier_value must be unique"
        #expect(outcomes == [.refused(why), .refused(why)])
        #expect(try Dump(file.path) == start)
    }

    @Test("a row is not taken away where SQLite would change rows of other tables along with it")
    func followers() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT);
            CREATE TABLE members (team TEXT, contact INTEGER REFERENCES contacts_master ON DELETE CASCADE);
            CREATE TABLE contact_identifiers (contact_id INTEGER REFERENCES contacts_master ON DELETE CASCADE,
                identifier_type TEXT, identifier_value TEXT);
            INSERT INTO contacts_master VALUES (1, 'a'), (2, 'b');
            INSERT INTO members VALUES ('choir', 1);
            INSERT INTO contact_identifiers VALUES (1, 'email', 'x'), (2, 'email', 'y');
            """
        )
        let start = try Dump(file.path)
        let store = file.store()
        try await store.writing { writer async throws in
            let outcomes = try await writer.write(
                [1, 2].map { RecordChange(.remove, key: "\($0)", rows: [.integer($0)], values: [:]) },
                decide: { _, _ in true },
                journal: { _ in }
            )
            #expect(
                outcomes[0]
                    == .refused(
                        "rows of table members refer to the row of table contacts_master and would change along with it"
                    )
            )
            // Its own rows of identifiers are in the steps.
            let steps = try #require(outcomes[1].steps)
            #expect(steps.map(\.table) == ["contact_identifiers", "contacts_master"])
            #expect(try await store.read().records.count == 1)
            _ = try await writer.carryOut([steps.reversed().map(\.reversed)]) { _ in }
        }
        #expect(try Dump(file.path) == start)
    }

    @Test("a column that is computed, and one that names the row, are not written")
    func columns() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT, full_name AS (first_name || '!'));
            INSERT INTO contacts_master VALUES (1, 'a');
            """
        )
        let start = try Dump(file.path)
        let store = file.store()
        let layout = try await store.read().layout
        let outcomes = try await store.writing { writer in
            try await writer.write(
                try ["full_name", "contact_id"]
                    .map { field in
                        let index = try #require(layout.index(of: field))
                        return RecordChange(.update, key: "1", rows: [.integer(1)], values: [index: .integer(5)])
                    } + [
                        RecordChange(
                            .insert,
                            key: "2",
                            rows: [],
                            values: [try #require(layout.index(of: "first_name")): .text("n")]
                        )
                    ],
                decide: { _, _ in true },
                journal: { _ in Issue.record("nothing is written") }
            )
        }
        #expect(
            outcomes == [
                .refused("column full_name of table contacts_master is computed, and cannot be written"),
                .refused("column contact_id names the rows of table contacts_master, and cannot become another value"),
                .refused("a contact of table contacts_master needs a key"),
            ]
        )
        #expect(try Dump(file.path) == start)
    }

    @Test("what a trigger makes of a written column is in the step")
    func triggerOfTheColumn() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT, version INTEGER);
            INSERT INTO contacts_master VALUES (1, 'a', 1);
            CREATE TRIGGER t AFTER UPDATE OF first_name ON contacts_master BEGIN
                UPDATE contacts_master SET first_name = trim(NEW.first_name), version = version + 1 WHERE contact_id = 1;
            END;
            """
        )
        let store = file.store()
        let name = try #require(try await store.read().layout.index(of: "first_name"))
        let change = RecordChange(.update, key: "1", rows: [.integer(1)], values: [name: .text(" x ")])
        let steps = try await store.writing { try await $0.writeAll([change]) }
        #expect(steps[0][0].after == ["first_name": .text("x")])
        let back = try await store.writing { try await $0.carryOut([[steps[0][0].reversed]]) { _ in } }
        #expect(back[0].steps != nil)
        #expect(try await store.read().values("first_name") == [.text("a")])
    }

    @Test(
        "what is no table is not written",
        arguments: [
            ("CREATE TABLE base (contact_id TEXT); CREATE VIEW contacts_master AS SELECT * FROM base", "view"),
            ("CREATE VIRTUAL TABLE contacts_master USING fts5(contact_id)", "virtual"),
        ]
    )
    func noTable(sql: String, kind: String) async throws {
        let file = try TestDatabase(sql)
        let error = await #expect(throws: StoreError.self) { _ = try await file.store().openForWriting { _ in } }
        #expect(error?.code == .readOnly)
        #expect(
            error?.message
                == "contacts_master in \(file.path) is a \(kind), whose rows cannot be written as they are read. Set"
                + " stores.local.table to the table behind it."
        )
    }
}
