import Contacts
import Testing

/// Any type that SQLite may hold, in any column.
@Suite struct CellTests {
    static let cells: [(literal: String, value: RawValue)] = [
        ("NULL", .null), ("''", .text("")), ("'text'", .text("text")), ("42", .integer(42)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775807", .integer(.max)),
        ("1.5", .real(1.5)), ("1e999", .real(.infinity)), ("-0.0", .real(-0.0)),
        ("x''", .blob([])), ("x'00ff'", .blob([0, 0xFF])), ("CAST('Ada' AS BLOB)", .blob(Array("Ada".utf8))),
        ("CAST(x'61ff62' AS TEXT)", .text([0x61, 0xFF, 0x62])),
        ("'a' || char(0) || 'b'", .text([0x61, 0, 0x62])), ("char(0)", .text([0])),
        ("'é🎈'", .text("é🎈")), ("'{\"a\": 1}'", .text("{\"a\": 1}")),
    ]

    @Test(arguments: cells, ["first_name", "birthday", "is_me", "llm_context", "emails", "version", "contact_id"])
    func aValueIsHandedOverAsItIs(cell: (literal: String, value: RawValue), column: String) async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id, first_name, birthday, is_me, llm_context, emails, version);
            INSERT INTO contacts_master (\(column)) VALUES (\(cell.literal)), ('next');
            """
        )
        let reading = try await file.store().read()
        #expect(reading.values(column) == [cell.value, .text("next")])
        #expect(reading.proof.rows == 2)
    }

    static let members: [(literal: String, value: RawValue)] = [
        ("NULL", .null), ("7", .integer(7)), ("2.5", .real(2.5)), ("x'6162'", .blob([0x61, 0x62])), ("''", .text("")),
        ("CAST(x'ff' AS TEXT)", .text([0xFF])), ("'a' || char(0)", .text([0x61, 0])),
    ]

    @Test(arguments: members, ["", "CREATE INDEX i ON contact_identifiers (contact_id);"])
    func aMemberIsHandedOverAsItIs(member: (literal: String, value: RawValue), index: String) async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY);
            CREATE TABLE contact_identifiers (contact_id, identifier_type, identifier_value, is_primary);
            \(index)
            INSERT INTO contacts_master VALUES (1);
            INSERT INTO contact_identifiers VALUES (1, 'email', 'a@b.c', 0), (1, 'email', \(member.literal), 1);
            """
        )
        let reading = try await file.store().read()
        #expect(reading.values("emails") == [.list([.text("a@b.c"), member.value], primary: 1)])
    }

    @Test func aHugeValueIsReadWhole() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, llm_context TEXT, notes BLOB);
            INSERT INTO contacts_master
                SELECT 1, '{"a":"' || replace(hex(zeroblob(5 << 20)), '0', 'x') || '"}', zeroblob(10 << 20);
            INSERT INTO contacts_master VALUES (2, '{}', NULL);
            """
        )
        let reading = try await file.store().read()
        let context = reading.values("llm_context")
        #expect(context[0] == .text("{\"a\":\"" + String(repeating: "x", count: 10 << 20) + "\"}"))
        #expect(context[1] == .text("{}"))
        #expect(reading.values("notes") == [.blob(Array(repeating: 0, count: 10 << 20)), .null])
    }

    @Test(arguments: ["UTF-16le", "UTF-16be"], [false, true])
    func aDatabaseInUTF16IsReadAsUTF8(encoding: String, hasIndex: Bool) async throws {
        let file = try TestDatabase(
            """
            PRAGMA encoding = '\(encoding)';
            CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT, notes BLOB, version INTEGER);
            CREATE TABLE contact_identifiers (contact_id TEXT, identifier_type TEXT, identifier_value TEXT);
            \(hasIndex ? "CREATE INDEX k ON contacts_master (contact_id);" : "")
            \(hasIndex ? "CREATE INDEX i ON contact_identifiers (contact_id);" : "")
            INSERT INTO contacts_master VALUES ('jose\u{301}', 'é🎈', x'00ff', 3), ('007', '', NULL, 4);
            INSERT INTO contact_identifiers VALUES ('jose\u{301}', 'email', 'ä@example.com'), ('007', 'phone', '+1');
            """
        )
        try await file.store()
            .session { session in
                let reading = try await session.readAll()
                #expect(reading.values("contact_id") == [.text("jose\u{301}"), .text("007")])
                #expect(reading.values("first_name") == [.text("é🎈"), .text("")])
                #expect(reading.values("notes") == [.blob([0, 0xFF]), .null])
                #expect(reading.values("version") == [.integer(3), .integer(4)])
                #expect(reading.values("emails") == [.list([.text("ä@example.com")], primary: nil), .null])
                #expect(reading.values("phones") == [.null, .list([.text("+1")], primary: nil)])
                #expect(try await session.fetch("7") == [reading.records[1]])
                #expect(try await session.fetch("jos\u{E9}") == [reading.records[0]])
            }
    }
}
