import Contacts
import Testing

@Suite struct FetchTests {
    /// SQL literals that mean the key 7.
    static let sevens = ["'7'", "'007'", "'7.0'", "'+7'", "7", "7.0", "'0000000000007'"]
    static let declarations = [
        "TEXT", "TEXT PRIMARY KEY", "INTEGER", "REAL", "", "BLOB", "NUMERIC", "TEXT COLLATE NOCASE", "VARCHAR(36)",
    ]

    @Test(arguments: declarations, [false, true])
    func aNumberIsFoundInEverySpelling(declaration: String, isIndexed: Bool) async throws {
        for literal in Self.sevens {
            let file = try TestDatabase(
                """
                CREATE TABLE contacts_master (contact_id \(declaration), first_name TEXT);
                \(isIndexed ? "CREATE INDEX k ON contacts_master (contact_id);" : "")
                INSERT INTO contacts_master VALUES
                    ('6', 'no'), (\(literal), 'yes'), ('70', 'no'), (NULL, 'no'), ('', 'no');
                """
            )
            try await file.store()
                .session { session async throws in
                    let found = try await session.fetch("7")
                    #expect(found.map { $0.values[1] } == [.text("yes")], "\(literal)")
                    #expect(try await session.fetch("8") == [])
                    #expect(try await session.fetch("no number") == [])
                    // By row and by key it is one record.
                    #expect(try await session.fetch("7", rows: [found[0].row]) == found, "\(literal)")
                    #expect(try await session.fetch("8", rows: [found[0].row]) == found, "\(literal)")
                }
        }
    }

    static let texts: [(key: String, literal: String)] = [
        ("-7", "'-007'"), ("-7", "'-7.0'"), ("-7", "-7"), ("0", "'-0'"), ("0", "'000'"), ("0", "0.0"),
        ("123e4567-e89b-12d3-a456-426614174000", "'123E4567-E89B-12D3-A456-426614174000'"),
        ("123e4567-e89b-12d3-a456-426614174000", "'123e4567-e89b-12d3-a456-426614174000'"),
        ("jos\u{E9}", "'jose\u{301}'"), ("jos\u{E9}", "'jos\u{E9}'"),
        ("Abc", "'Abc'"), ("7", "x'37'"), ("Abc", "x'416263'"),
        ("9223372036854775807", "9223372036854775807"), ("12345678901234567890123", "'12345678901234567890123'"),
    ]

    @Test(arguments: texts, ["", "CREATE INDEX k ON contacts_master (contact_id);"])
    func aKeyIsFoundInOtherSpellings(text: (key: String, literal: String), index: String) async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id, first_name TEXT);
            \(index)
            INSERT INTO contacts_master VALUES ('other', 'no'), (\(text.literal), 'yes');
            """
        )
        try await file.store()
            .session { session async throws in
                #expect(try await session.fetch(text.key).map { $0.values[1] } == [.text("yes")])
            }
    }

    /// Two rows of one key, in different spellings, and a third that only the row names.
    @Test(arguments: ["", "CREATE INDEX k ON contacts_master (contact_id);"])
    func everyRowOfAKeyIsFoundOnce(index: String) async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT);
            \(index)
            INSERT INTO contacts_master VALUES ('007', 'a'), ('x', 'b'), ('7', 'c'), ('7', 'd');
            """
        )
        try await file.store()
            .session { session async throws in
                let found = try await session.fetch("7", rows: [.integer(2), .integer(3), .integer(99), .text("3")])
                #expect(found.map(\.row).sorted() == [1, 2, 3, 4].map { .integer($0) })
                #expect(try await session.fetch("7").map(\.row).sorted() == [1, 3, 4].map { .integer($0) })
            }
    }

    @Test func aCompositePrimaryKeyNamesARow() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (
                region TEXT, contact_id INTEGER, part REAL, first_name TEXT,
                PRIMARY KEY (region, contact_id, part)
            ) WITHOUT ROWID;
            INSERT INTO contacts_master VALUES ('it''s', 7, 0.1, 'a'), ('eu', 7, 0.1, 'b'), ('eu', 8, 1e300, 'c');
            """
        )
        try await file.store()
            .session { session async throws in
                let reading = try await session.readAll()
                #expect(
                    reading.records.map(\.row)
                        == ["'eu', 7, 0.1", "'eu', 8, 1e+300", "'it''s', 7, 0.1"].map { .text($0) }
                )
                for record in reading.records {
                    #expect(try await session.fetch("no such key", rows: [record.row]) == [record])
                }
                #expect(try await session.fetch("7").count == 2)
                #expect(try await session.fetch("7", rows: reading.records.map(\.row)).count == 3)
                // A row that another kind of store named is no row of this one.
                #expect(try await session.fetch("none", rows: [.integer(1)]) == [])
            }
    }

    /// Names of rows come back out of our own spool only, yet they are data, not SQL.
    @Test(arguments: ["1 OR 1", "1) OR (1", "'a'); DROP TABLE contacts_master; --", "(SELECT 1)", "contact_id", ""])
    func theNameOfARowIsNoProgram(name: String) async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id TEXT PRIMARY KEY) WITHOUT ROWID;
            INSERT INTO contacts_master VALUES ('a'), ('b');
            """
        )
        try await file.store()
            .session { session async throws in
                #expect(try await session.fetch("none", rows: [.text(name)]) == [])
                #expect(try await session.readAll().records.count == 2)
            }
    }

    /// Text that no SQL literal can hold.
    @Test(arguments: ["'a' || char(0) || 'b'", "CAST(x'61ff62' AS TEXT)", "x'00ff'", "''", "'''\"'"])
    func aRowNameHoldsAnyKey(literal: String) async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id TEXT PRIMARY KEY, first_name TEXT) WITHOUT ROWID;
            INSERT INTO contacts_master VALUES ('a', 'other'), (\(literal), 'it');
            """
        )
        try await file.store()
            .session { session async throws in
                let reading = try await session.readAll()
                #expect(Set(reading.records.map(\.row)).count == 2)
                for record in reading.records {
                    #expect(try await session.fetch("none", rows: [record.row]) == [record])
                }
            }
    }

    /// A view may have two rows that nothing tells apart but their values.
    @Test func theRowsOfAViewAreAllFound() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE base (contact_id TEXT, first_name TEXT);
            INSERT INTO base VALUES ('7', 'a'), ('8', 'b'), ('7', 'c'), ('007', 'd');
            CREATE VIEW contacts_master AS SELECT * FROM base;
            """
        )
        try await file.store()
            .session { session async throws in
                let expected: [RawValue] = ["a", "c", "d"].map { .text($0) }
                #expect(try await session.fetch("7").map { $0.values[1] } == expected)
                #expect(
                    try await session.fetch("7", rows: [.text("'7'"), .text("'007'")]).map { $0.values[1] } == expected
                )
                #expect(try await session.readAll().records.count == 4)
            }
    }
}
