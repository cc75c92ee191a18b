import Contacts
import Stores
import Testing

/// A SELECT of the user's own, and what is refused in its place.
@Suite(.timeLimit(.minutes(20))) struct SQLiteQueryTests {
    static let contacts = """
        CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT, notes TEXT);
        INSERT INTO contacts_master VALUES ('007', 'Zebulon', '{}'), ('8', 'Yolanda', '{"a": 1}'), ('9', NULL, NULL);
        CREATE VIEW named AS SELECT contact_id FROM contacts_master WHERE first_name IS NOT NULL;
        CREATE VIRTUAL TABLE words USING fts5(contact_id, notes);
        INSERT INTO words VALUES ('9', 'likes tea');
        """

    static let selects: [(sql: String, values: [RawValue])] = [
        ("SELECT contact_id FROM contacts_master ORDER BY 1", ["007", "8", "9"].map { .text($0) }),
        ("SELECT contact_id FROM named ORDER BY contact_id", [.text("007"), .text("8")]),
        ("SELECT contact_id FROM contacts_master WHERE 0", []),
        ("WITH x AS (SELECT 7 AS id) SELECT id FROM x", [.integer(7)]),
        ("VALUES (7.0), (x'3037')", [.real(7), .blob([0x30, 0x37])]),
        ("SELECT NULL UNION ALL SELECT ''", [.null, .text("")]),
        ("SELECT '\(String(repeating: "7", count: 1024))'", [.text(String(repeating: "7", count: 1024))]),
        ("SELECT '\(String(repeating: "7", count: 1025))' UNION ALL SELECT zeroblob(1025)", [.null, .null]),
        ("SELECT value FROM json_each('[7, \"8\"]')", [.integer(7), .text("8")]),
        ("SELECT contact_id FROM words WHERE words MATCH 'tea'", [.text("9")]),
        ("-- a remark\nSELECT 7 /* ; */ ; ;\n-- another; one\n/* and one */ ", [.integer(7)]),
        ("SELECT 'DELETE; ATTACH; load_extension(1)'", [.text("DELETE; ATTACH; load_extension(1)")]),
        ("SELECT count(*) FROM sqlite_schema WHERE name = 'named'", [.integer(1)]),
    ]

    @Test(arguments: selects, SQLiteStoreSettings.Snapshot.allCases)
    func whatASelectGives(_ select: (sql: String, values: [RawValue]), snapshot: SQLiteStoreSettings.Snapshot)
        async throws
    {
        let file = try TestDatabase(Self.contacts)
        let before = try file.state()
        let store = file.store { $0.snapshot = snapshot }
        try await store.check(select: select.sql)
        let answer = try await store.answer(select.sql)
        #expect(answer == Answer(values: select.values, end: .complete))
        #expect(try file.state() == before)
        #expect(file.copies() == [])
    }

    static let refused: [(sql: String, message: String)] = [
        ("INSERT INTO contacts_master (contact_id) VALUES ('1')", "writes, and must only read"),
        ("DELETE FROM contacts_master RETURNING contact_id", "writes, and must only read"),
        ("WITH x AS (SELECT 1) UPDATE contacts_master SET notes = 1", "writes, and must only read"),
        ("CREATE TEMP TABLE x AS SELECT 1", "writes, and must only read"),
        ("DROP TABLE contacts_master", "writes, and must only read"),
        ("ANALYZE", "writes, and must only read"),
        ("VACUUM INTO '/tmp/rollcall-never.db'", "is no SELECT"),
        ("UPDATE sqlite_schema SET sql = NULL", "is refused by SQLite: table sqlite_master may not be modified"),
        ("ATTACH '/tmp/rollcall-never.db' AS x", "attaches or detaches a database, and must only read"),
        ("DETACH main", "attaches or detaches a database, and must only read"),
        ("PRAGMA table_info(contacts_master)", "uses a PRAGMA, and must only read"),
        ("PRAGMA data_version", "is no SELECT"),
        ("BEGIN", "begins or ends a transaction, and must only read"),
        ("SAVEPOINT x", "begins or ends a transaction, and must only read"),
        ("SELECT load_extension('x')", "calls load_extension, and must only read"),
        (
            "SELECT contact_id FROM contacts_master WHERE Load_Extension('x') = 1",
            "calls load_extension, and must only read"
        ),
        ("SELECT fts3_tokenizer('simple')", "calls fts3_tokenizer, and must only read"),
        ("SELECT 1; SELECT 2", "holds more than one statement"),
        ("SELECT 1; DROP TABLE contacts_master", "holds more than one statement"),
        ("SELECT 1; nonsense", "holds more than one statement"),
        ("EXPLAIN SELECT 1", "is an EXPLAIN, not a SELECT"),
        ("EXPLAIN QUERY PLAN SELECT 1", "is an EXPLAIN, not a SELECT"),
        ("SELECT ?", "has a parameter, for which there is no value"),
        ("SELECT contact_id, notes FROM contacts_master", "must give one column, the contact_id; it gives 2"),
        ("-- nothing", "holds no statement"), (" ; ", "holds no statement"),
        ("SELECT 1\u{0}; DROP TABLE x", "holds U+0000, at which SQLite would stop reading"),
        ("SELEC 1", "is refused by SQLite: near \"SELEC\": syntax error"),
        ("SELECT writefile('x', 'y')", "is refused by SQLite: no such function: writefile"),
        ("SELECT 1 WHERE 'Zebulon' 'Miller'", "is refused by SQLite: near a literal: syntax error"),
        ("SELECT 1 WHERE 'Zebulon", "is refused by SQLite: unrecognized token: a literal"),
        ("SELECT 1 4155552671", "is refused by SQLite: near a literal: syntax error"),
    ]

    @Test(arguments: refused) func whatIsRefused(sql: String, message: String) async throws {
        let file = try TestDatabase(Self.contacts)
        let before = try file.state()
        let store = file.store()
        let refusal = StoreQuery.Refusal(message)
        await #expect(throws: refusal) { try await store.check(select: sql) }
        await #expect(throws: refusal) { _ = try await store.answer(sql) }
        #expect(try file.state() == before)
    }

    /// What a store lacks may be there when it is run; and what only shows when it runs.
    @Test(arguments: [
        ("SELECT contact_id FROM nobody", "is refused by SQLite: no such table: nobody", true),
        ("SELECT birthday FROM contacts_master", "is refused by SQLite: no such column: birthday", true),
        ("SELECT name FROM pragma_table_info('contacts_master')", "uses a PRAGMA, and must only read", false),
    ])
    func whatIsRefusedWhenItIsRun(sql: String, message: String, isAboutTables: Bool) async throws {
        let store = try TestDatabase(Self.contacts)
        try await store.store().check(select: sql)
        await #expect(throws: StoreQuery.Refusal(message, isAboutTables: isAboutTables)) {
            _ = try await store.store().answer(sql)
        }
    }

    /// SQLite quotes the value on which it fails; we do not.
    @Test(arguments: [
        ("SELECT json_extract('{}', first_name) FROM contacts_master", "SQLite says: JSON path error"),
        ("SELECT json(first_name) FROM contacts_master", "SQLite says: malformed JSON"),
        (
            "SELECT contact_id FROM words WHERE words MATCH (SELECT first_name || ': x' FROM named, contacts_master)",
            "SQLite says: no such column"
        ),
        ("SELECT abs(-9223372036854775808)", "SQLite says: integer overflow"),
        ("SELECT zeroblob(2000000000)", "SQLite says: string or blob too big"),
    ])
    func aSelectThatFailsOnTheData(sql: String, message: String) async throws {
        let file = try TestDatabase(Self.contacts)
        let error = try await #require(throws: StoreError.self) { _ = try await file.store().answer(sql) }
        #expect(error.code == .input)
        #expect(error.operation == "select")
        #expect(error.message.hasPrefix(message))
        #expect(!error.message.contains("Zebulon"))
    }

    @Test func rowsBeforeAFailureAreGiven() async throws {
        let file = try TestDatabase(Self.contacts)
        let sql = "SELECT iif(value < 3, value, json('nonsense')) FROM json_each('[1, 2, 3]')"
        var values: [RawValue] = []
        let notify: @Sendable (String) -> Void = { _ in }
        await #expect(throws: StoreError.self) {
            let query = StoreQuery(sql: sql, limit: 10, timeout: .seconds(600))
            _ = try await file.store().select(query, notify: notify) { values.append($0) }
        }
        #expect(values == [.integer(1), .integer(2)])
    }

    @Test func aStoreThatIsNotThere() async throws {
        let file = try TestDatabase()
        try await file.store().check(select: "SELECT 1")
        await #expect(throws: StoreError.self) { _ = try await file.store().answer("SELECT 1") }
    }
}

/// What a query passed, and how it ended.
struct Answer: Equatable {
    var values: [RawValue] = []
    var end: StoreQuery.End
}

extension QueryableStore {
    func answer(
        _ sql: String,
        limit: Int = 100,
        timeout: Duration = .seconds(600),
        notify: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> Answer {
        var values: [RawValue] = []
        let query = StoreQuery(sql: sql, limit: limit, timeout: timeout)
        let end = try await select(query, notify: notify) { values.append($0) }
        return Answer(values: values, end: end)
    }
}
