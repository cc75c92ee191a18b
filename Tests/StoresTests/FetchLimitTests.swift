import Contacts
import Testing

@testable import Stores

/// What a fetch leaves out, and what it reads the table through for.
@Suite struct FetchLimitTests {
    private static let many = RecordRequest.maximumRecords + 500

    /// Rows of one key, some thousand of them.
    private static func sql(_ table: String) -> String {
        """
        \(table)
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(many))
        INSERT INTO base SELECT '7', 'name ' || n FROM numbers;
        """
    }

    @Test(arguments: [
        "CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT); CREATE INDEX i ON contacts_master (contact_id);",
        "CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT);",
    ])
    func aKeyOnManyRowsIsReadToTheLimit(table: String) async throws {
        let file = try TestDatabase(Self.sql(table).replacing("base", with: "contacts_master"))
        try await file.store()
            .session { session async throws in
                #expect(try await session.fetch("7").count == RecordRequest.maximumRecords)
                let last = RowID.integer(Int64(Self.many))
                let named = try await session.fetch("7", rows: [last, last])
                #expect(named.count == RecordRequest.maximumRecords)
                #expect(named.first?.row == last)
                #expect(Set(named.map(\.row)).count == named.count)
                #expect(try await session.readAll().records.count == Self.many)
            }
    }

    @Test func aNameOfManyRowsIsReadToTheLimit() async throws {
        let view = "CREATE TABLE base (contact_id TEXT, first_name TEXT);"
        let file = try TestDatabase(Self.sql(view) + "CREATE VIEW contacts_master AS SELECT * FROM base;")
        try await file.store()
            .session { session async throws in
                let rows = [RowID.text("'7'"), .text("'8'")]
                #expect(try await session.fetch("7", rows: rows).count == RecordRequest.maximumRecords)
            }
    }

    @Test(arguments: ["7.00", "+007", "007.0", " 7 ", "000000000000000000000000000000000007"])
    func aThoroughRequestFindsEverySpelling(spelling: String) async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT);
            CREATE INDEX i ON contacts_master (contact_id);
            INSERT INTO contacts_master VALUES ('8', 'Bob'), ('\(spelling)', 'Ada');
            """
        )
        try await file.store()
            .session { session async throws in
                #expect(try await session.fetch([RecordRequest(key: "7", rows: [])])[0] == [])
                let found = try await session.fetch([RecordRequest(key: "7", rows: [], isThorough: true)])[0]
                #expect(found.map(\.row) == [.integer(2)])
                #expect(try await session.fetch([RecordRequest(key: "9", rows: [], isThorough: true)])[0] == [])
            }
    }

    /// In a column of numbers the number alone finds it, and a text that is no number is still found by itself.
    @Test(arguments: ["INTEGER PRIMARY KEY", "INTEGER", "REAL", "NUMERIC", "DECIMAL(10, 2)", "BIGINT"])
    func aColumnOfNumbersIsLookedUpByTheNumber(type: String) async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id \(type), first_name TEXT);
            CREATE INDEX i ON contacts_master (contact_id);
            INSERT INTO contacts_master VALUES (7, 'Ada'), ('0008', 'Bob');
            """
        )
        if !type.contains("PRIMARY") { try file.execute("INSERT INTO contacts_master VALUES ('x-9', 'Zoe')") }
        try await file.store()
            .session { session async throws in
                #expect(try await session.fetch("7").map { $0.values[1] } == [.text("Ada")])
                #expect(try await session.fetch("8").map { $0.values[1] } == [.text("Bob")])
                if !type.contains("PRIMARY") {
                    #expect(try await session.fetch("x-9").map { $0.values[1] } == [.text("Zoe")])
                }
            }
    }

    @Test(arguments: [
        ("INTEGER", true), ("BIGINT", true), ("POINT", true), ("REAL", true), ("DOUBLE", true), ("DECIMAL(9)", true),
        ("TEXT", false), ("VARCHAR(9)", false), ("BLOB", false), ("", false), ("ANY", false), ("DATE", false),
    ])
    func aTypeIsNumericOrNot(type: String, isNumeric: Bool) async throws {
        let file = try TestDatabase("CREATE TABLE contacts_master (contact_id \(type))")
        let opened = try #require(try await file.store().open(notify: { _ in }) as? SQLiteSession)
        #expect(opened.sqlite.isKeyNumeric == isNumeric)
        await opened.close()
    }
}
