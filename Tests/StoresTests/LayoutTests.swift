import Contacts
import Stores
import Testing

@Suite struct LayoutTests {
    @Test func fieldsComeFromTheirColumnsInSchemaOrder() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (
                version INTEGER, is_me INTEGER, first_name TEXT, extra BLOB, contact_id INTEGER PRIMARY KEY, emails TEXT
            );
            INSERT INTO contacts_master VALUES (3, 1, 'Ada', 'x', 7, '["a@b.c"]');
            """
        )
        let reading = try await file.store().read()
        #expect(reading.layout.fields.map(\.field.name) == ["contact_id", "first_name", "is_me", "emails", "version"])
        #expect(
            reading.layout.columns == [
                StoreColumn(name: "version", type: "INTEGER"), StoreColumn(name: "is_me", type: "INTEGER"),
                StoreColumn(name: "first_name", type: "TEXT"), StoreColumn(name: "extra", type: "BLOB"),
                StoreColumn(name: "contact_id", type: "INTEGER"), StoreColumn(name: "emails", type: "TEXT"),
            ]
        )
        let held = ["contact_id", "first_name", "is_me", "emails"]
        #expect(
            reading.layout.missing == ContactSchema.standard.compared.map(\.name).filter { !held.contains($0) }
        )
        #expect(
            reading.records.map(\.values) == [
                [.integer(7), .text("Ada"), .integer(1), .text("[\"a@b.c\"]"), .integer(3)]
            ]
        )
        #expect(reading.reason("extra") == "no field reads this column")
        #expect(reading.reason("version") == "it drives conflicts, it is not compared")
        #expect(reading.reason("last_name") == "there is no column last_name")
        #expect(reading.reason("deleted_at") == "there is no column deleted_at")
        #expect(!reading.layout.missing.contains("deleted_at"))
    }

    @Test func anOverrideNamesAnotherColumn() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE people (id TEXT, display_name TEXT, mail TEXT, ts INTEGER, full_name TEXT, last_name TEXT);
            INSERT INTO people VALUES ('7', 'Ada', 'a,b', 5, 'other', 'L');
            """
        )
        var mail = FieldOverride.Held(column: "mail")
        mail.separator = ","
        mail.holdsOne = true
        var updated = FieldOverride.Held(column: "ts")
        updated.unit = .seconds
        updated.precision = .milliseconds
        let fields: [String: FieldOverride] = [
            "contact_id": .held(.init(column: "id")), "full_name": .held(.init(column: "display_name")),
            "emails": .held(mail), "last_updated": .held(updated), "last_name": .notHeld,
            "nickname": .held(.init(column: "alias")),
        ]
        let reading =
            try await file.store { settings in
                settings.tables.table = "people"
                settings.tables.fields = fields
            }
            .read()
        #expect(reading.layout.fields.map(\.field.name) == ["contact_id", "full_name", "emails", "last_updated"])
        #expect(reading.records.map(\.values) == [[.text("7"), .text("Ada"), .text("a,b"), .integer(5)]])
        #expect(reading.mapping("emails")?.separator == ",")
        #expect(reading.mapping("emails")?.holdsOne == true)
        #expect(reading.mapping("last_updated")?.unit == .seconds)
        #expect(reading.mapping("last_updated")?.precision == .milliseconds)
        #expect(reading.reason("last_name") == "the store does not hold it (null)")
        #expect(!reading.layout.missing.contains("last_name"))
        #expect(reading.reason("nickname") == "there is no column alias")
        #expect(reading.layout.missing.contains("nickname"))
        #expect(
            reading.layout.notCompared.contains(NotCompared(field: "full_name", reason: "no field reads this column"))
        )
    }

    @Test func syncMetadataIsReadFromItsJSONColumn() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (
                contact_id INTEGER PRIMARY KEY, sync_metadata TEXT, sync_status TEXT, data TEXT
            );
            INSERT INTO contacts_master VALUES (7, '{"version": 3}', 'synced', '{"a": {"b": "Ada"}}');
            """
        )
        var name = FieldOverride.Held(column: "data")
        name.path = ["a", "b"]
        let reading = try await file.store { [name] in $0.tables.fields["first_name"] = .held(name) }.read()
        #expect(
            reading.layout.fields.map(\.field.name) == [
                "contact_id", "first_name", "version", "last_updated", "last_updated_by", "sync_status",
                "source_systems",
                "deleted_at",
            ]
        )
        #expect(reading.mapping("version")?.path == ["version"])
        #expect(reading.mapping("deleted_at")?.path == ["deleted_at"])
        // A column of its own goes before the JSON column.
        #expect(reading.mapping("sync_status")?.path == [])
        #expect(reading.values("sync_status") == [.text("synced")])
        #expect(reading.values("version") == [.text("{\"version\": 3}")])
        #expect(reading.mapping("first_name")?.path == ["a", "b"])
        #expect(reading.values("first_name") == [.text("{\"a\": {\"b\": \"Ada\"}}")])
        #expect(reading.reason("created_at") == "there is no column created_at")
    }

    @Test(arguments: [("email", "emails"), ("phone", "phones")])
    func aSingularColumnHoldsASet(names: (column: String, field: String)) async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, \(names.column) TEXT);
            INSERT INTO contacts_master VALUES (7, 'it');
            """
        )
        #expect(try await file.store().read().values(names.field) == [.text("it")])
        // The plural goes before it.
        try file.execute("ALTER TABLE contacts_master ADD COLUMN \(names.field) TEXT DEFAULT 'plural'")
        #expect(try await file.store().read().values(names.field) == [.text("plural")])
    }

    static let names = [
        "select", "my table", "it's", "say \"hi\"", "semi;colon", "naïve 表", "[brackets]", "`tick`", "percent%s",
        "-- comment",
        "main.table", "group",
    ]

    @Test(arguments: names)
    func namesMayHoldAnything(name: String) async throws {
        let quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
        let file = try TestDatabase(
            """
            CREATE TABLE \(quoted) (\(quoted) TEXT PRIMARY KEY, first_name TEXT) WITHOUT ROWID;
            INSERT INTO \(quoted) VALUES ('7', 'Ada');
            """,
            name: name.replacing("/", with: "") + " ?#%41.db"
        )
        let store = file.store { settings in
            settings.tables.table = name
            settings.tables.fields["contact_id"] = .held(.init(column: name))
        }
        try await store.session { session in
            let reading = try await session.readAll()
            #expect(reading.records.map(\.values) == [[.text("7"), .text("Ada")]])
            #expect(try await session.fetch("7") == reading.records)
            #expect(try await session.fetch("none", rows: [reading.records[0].row]) == reading.records)
        }
    }

    @Test func namesAreFoundInAnyCase() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE Contacts_Master (CONTACT_ID INTEGER PRIMARY KEY, First_Name TEXT, "FIRST NAME" TEXT);
            INSERT INTO Contacts_Master VALUES (7, 'Ada', 'no');
            """
        )
        let reading = try await file.store { $0.tables.fields["last_name"] = .held(.init(column: "first name")) }.read()
        #expect(reading.records.map(\.row) == [.integer(7)])
        #expect(reading.values("first_name") == [.text("Ada")])
        #expect(reading.values("last_name") == [.text("no")])
        #expect(reading.layout.columns.map(\.name) == ["CONTACT_ID", "First_Name", "FIRST NAME"])
    }

    @Test func generatedColumnsAreRead() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (
                contact_id INTEGER PRIMARY KEY, data TEXT,
                first_name TEXT AS (data || '!') VIRTUAL, last_name TEXT AS (data || '?') STORED
            );
            INSERT INTO contacts_master (contact_id, data) VALUES (7, 'Ada');
            """
        )
        let reading = try await file.store().read()
        #expect(reading.values("first_name") == [.text("Ada!")])
        #expect(reading.values("last_name") == [.text("Ada?")])
    }

    /// Columns that are named as SQLite names the row number.
    @Test(arguments: [["rowid"], ["rowid", "_rowid_"], ["ROWID"], ["rowid", "_rowid_", "oid"]])
    func aColumnMayHideTheRowNumber(names: [String]) async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id TEXT UNIQUE, \(names.joined(separator: ", ")));
            INSERT INTO contacts_master (contact_id, \(names[0])) VALUES ('a', '9'), ('b', '9');
            """
        )
        try await file.store()
            .session { session in
                let reading = try await session.readAll()
                let rows: [RowID] = names.count < 3 ? [.integer(1), .integer(2)] : [.text("'a'"), .text("'b'")]
                #expect(reading.records.map(\.row) == rows)
                #expect(try await session.fetch("none", rows: [rows[1]]) == [reading.records[1]])
            }
    }

    @Test func aKeyNamedRowidIsAColumnLikeAnother() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (rowid TEXT, first_name TEXT);
            INSERT INTO contacts_master VALUES ('a7', 'Ada');
            """
        )
        let store = file.store { $0.tables.fields["contact_id"] = .held(.init(column: "rowid")) }
        try await store.session { session in
            let reading = try await session.readAll()
            #expect(reading.records == [ContactRecord(row: .integer(1), values: [.text("a7"), .text("Ada")])])
            #expect(try await session.fetch("a7") == reading.records)
        }
    }
}
