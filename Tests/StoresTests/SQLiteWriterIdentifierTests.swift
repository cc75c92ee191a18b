import Contacts
import Stores
import Testing

/// E-mails and phones that are rows of another table.
@Suite struct SQLiteWriterIdentifierTests {
    private static let columns = """
        id INTEGER PRIMARY KEY, contact_id INTEGER, identifier_type TEXT, identifier_value TEXT,
        identifier_normalized TEXT, is_primary INTEGER, label TEXT DEFAULT 'home'
        """

    private func file(columns: String = Self.columns, index: Bool = true, _ more: String) throws -> TestDatabase {
        try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT);
            CREATE TABLE contact_identifiers (\(columns));
            \(index ? "CREATE INDEX i ON contact_identifiers (contact_id);" : "")
            INSERT INTO contacts_master VALUES (1, 'a'), (2, 'b');
            \(more)
            """
        )
    }

    private static let rows = """
        INSERT INTO contact_identifiers VALUES
            (3, 1, 'email', 'Old@x.org', 'old@x.org', 1, 'work'), (4, 1, 'email', 'keep@x.org', 'kept', 0, 'work'),
            (5, 1, 'social_profile', 'keep@x.org', NULL, 1, NULL), (6, 1, 'phone', '+14155550123', NULL, 1, NULL),
            (7, 2, 'email', 'Old@x.org', NULL, 1, NULL);
        """

    private func list(_ members: [String], _ primary: Int? = nil) -> RawValue {
        .list(members.map { .text($0) }, primary: primary)
    }

    /// Writes the e-mails of contact 1 and tells the rows then; and takes that back, which must leave no trace.
    private func rows(
        _ file: TestDatabase,
        _ emails: RawValue,
        _ adjust: (inout SQLiteStoreSettings) -> Void = { _ in }
    ) async throws -> [String] {
        let start = try Dump(file.path)
        let store = file.store(adjust)
        let field = try #require(try await store.read().layout.index(of: "emails"))
        let change = RecordChange(.update, key: "1", rows: [.integer(1)], values: [field: emails])
        let steps = try await store.writing { try await $0.writeAll([change]) }
        let end = try Dump(file.path)
        _ = try await store.writing { writer in
            let again = try await writer.carryOut(steps) { _ in Issue.record("that is so already") }
            #expect(again == [.written(steps[0])])
            let back = try await writer.carryOut(steps.map { $0.reversed().map(\.reversed) }) { _ in }
            #expect(try Dump(file.path).differences(from: start) == [])
            let forth = try await writer.carryOut(back.map { $0.steps?.reversed().map(\.reversed) ?? [] }) { _ in }
            #expect(forth.allSatisfy { $0.steps != nil })
        }
        #expect(try Dump(file.path).differences(from: end) == [])
        return try file.identifiers()
    }

    @Test("only what differs is taken away, added or marked", arguments: [true, false])
    func differences(index: Bool) async throws {
        let file = try file(index: index, Self.rows)
        #expect(
            try await rows(file, list(["keep@x.org", "New@Bücher.example"], 0)) == [
                "4|1|email|keep@x.org|kept|1|work", "5|1|social_profile|keep@x.org|NULL|1|NULL",
                "6|1|phone|+14155550123|NULL|1|NULL", "7|2|email|Old@x.org|NULL|1|NULL",
                "8|1|email|New@Bücher.example|new@xn--bcher-kva.example|0|home",
            ]
        )
    }

    /// SQLite gives the number of the last row, once it is gone, to the next one.
    @Test("a row may get the number of the one that it replaces")
    func reusedNumber() async throws {
        let file = try file(
            "INSERT INTO contact_identifiers (id, contact_id) VALUES (8, 2), (9, 1);"
                + "UPDATE contact_identifiers SET identifier_type = 'email', identifier_value = 'a@x.org' WHERE id = 9"
        )
        #expect(
            try await rows(file, list(["b@x.org"], 0)) == [
                "8|2|NULL|NULL|NULL|NULL|home", "9|1|email|b@x.org|b@x.org|1|home",
            ]
        )
    }

    @Test("without a mark in the list the marks stay as they are")
    func marksStay() async throws {
        let file = try file(Self.rows)
        let emails = try await rows(file, list(["keep@x.org", "Old@x.org"]))
        #expect(emails.prefix(2) == ["3|1|email|Old@x.org|old@x.org|1|work", "4|1|email|keep@x.org|kept|0|work"])
    }

    @Test("no e-mails are no rows", arguments: [RawValue.null, .list([], primary: nil)])
    func none(value: RawValue) async throws {
        let file = try file(Self.rows)
        #expect(try await rows(file, value).map { $0.prefix(1) } == ["5", "6", "7"])
    }

    @Test("the same member twice is two rows")
    func twice() async throws {
        let file = try file(Self.rows)
        let emails = try await rows(file, list(["Old@x.org", "Old@x.org"], 0))
        #expect(
            emails.filter { $0.contains("|1|email|") } == [
                "3|1|email|Old@x.org|old@x.org|1|work", "8|1|email|Old@x.org|old@x.org|0|home",
            ]
        )
    }

    @Test(
        "a mark is spelled as the rows of the contact spell it",
        arguments: [
            ("'true', 'false'", ["true", "false"], ["false", "true"]), ("'Yes', 'No'", ["Yes", "No"], ["No", "Yes"]),
            ("'T', 'F'", ["T", "F"], ["F", "T"]), ("1.0, 0.0", ["1.0", "0.0"], ["0.0", "1.0"]),
            ("1, NULL", ["1", "NULL"], ["0", "1"]), ("'1', '0'", ["1", "0"], ["0", "1"]),
        ]
    )
    func spelling(values: String, before: [String], after: [String]) async throws {
        let parts = values.split(separator: ", ")
        let file = try file(
            columns: "contact_id INTEGER, identifier_type TEXT, identifier_value TEXT, is_primary",
            "INSERT INTO contact_identifiers VALUES (1, 'email', 'a', \(parts[0])), (1, 'email', 'b', \(parts[1]))"
        )
        #expect(try file.identifiers() == ["1|email|a|\(before[0])", "1|email|b|\(before[1])"])
        #expect(
            try await rows(file, list(["a", "b"], 1)) == ["1|email|a|\(after[0])", "1|email|b|\(after[1])"]
        )
    }

    @Test("a table that allows one mark only gets no two of them")
    func oneMark() async throws {
        let file = try file(
            "CREATE UNIQUE INDEX one ON contact_identifiers (contact_id, identifier_type) WHERE is_primary;" + Self.rows
        )
        let emails = try await rows(file, list(["keep@x.org", "Old@x.org"], 0))
        #expect(emails.prefix(2) == ["3|1|email|Old@x.org|old@x.org|0|work", "4|1|email|keep@x.org|kept|1|work"])
        let other = try await rows(file, list(["new@x.org", "keep@x.org"], 0))
        #expect(other.first == "4|1|email|keep@x.org|kept|0|work")
        #expect(other.last == "8|1|email|new@x.org|new@x.org|1|home")
    }

    /// Where the store holds one member and marks none, it is the first row.
    @Test("the one member of a store that holds one comes first")
    func holdsOne() async throws {
        let file = try file(
            columns: "contact_id INTEGER, identifier_type TEXT, identifier_value TEXT",
            "INSERT INTO contact_identifiers VALUES (1, 'email', 'a'), (1, 'email', 'b')"
        )
        var held = FieldOverride.Held()
        held.holdsOne = true
        let emails = try await rows(file, list(["a", "b", "c"], 2)) { $0.tables.fields["emails"] = .held(held) }
        #expect(emails == ["1|email|c", "1|email|b", "1|email|a"])
    }

    @Test("a table of identifiers without row numbers is written")
    func withoutRowID() async throws {
        let file = try file(
            columns: """
                contact_id INTEGER, identifier_type TEXT, identifier_value TEXT, is_primary INTEGER NOT NULL,
                PRIMARY KEY (contact_id, identifier_type, identifier_value)) WITHOUT ROWID; CREATE TABLE unused (x
                """,
            "INSERT INTO contact_identifiers VALUES (1, 'email', 'a''b', 1), (1, 'email', 'b', 0), (2, 'email', 'b', 0)"
        )
        #expect(
            try await rows(file, list(["b", "c, 'd'"], 1)) == ["1|email|b|0", "1|email|c, 'd'|1", "2|email|b|0"]
        )
    }

    @Test("a contact goes with its rows, and comes back with them", arguments: [true, false])
    func removal(index: Bool) async throws {
        let file = try file(index: index, Self.rows)
        let start = try Dump(file.path)
        let store = file.store()
        let steps = try await store.writing { writer in
            try await writer.writeAll([RecordChange(.remove, key: "1", rows: [.integer(1)], values: [:])])
        }
        #expect(steps[0].count == 5)
        #expect(try file.identifiers() == ["7|2|email|Old@x.org|NULL|1|NULL"])
        _ = try await store.writing { writer in
            try await writer.carryOut(steps.map { $0.reversed().map(\.reversed) }) { _ in }
        }
        #expect(try Dump(file.path) == start)
    }

    @Test("rows that another record of the key reads stay with it")
    func merge() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT);
            CREATE TABLE contact_identifiers (contact_id TEXT, identifier_type TEXT, identifier_value TEXT);
            INSERT INTO contacts_master VALUES ('1', 'a'), ('1', 'a'), ('01', 'a');
            INSERT INTO contact_identifiers VALUES ('1', 'email', 'x'), ('01', 'email', 'x');
            """
        )
        let start = try Dump(file.path)
        let store = file.store()
        let steps = try await store.writing { writer in
            try await writer.writeAll([RecordChange(.remove, key: "1", rows: [.integer(2), .integer(3)], values: [:])])
        }
        #expect(steps[0].map(\.table) == ["contact_identifiers", "contacts_master", "contacts_master"])
        #expect(try file.identifiers() == ["1|email|x"])
        _ = try await store.writing { writer in
            try await writer.carryOut(steps.map { $0.reversed().map(\.reversed) }) { _ in }
        }
        #expect(try Dump(file.path) == start)
    }

    @Test("a contact gets a key with its rows, but not another key than its rows have")
    func newKey() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT);
            CREATE TABLE contact_identifiers (contact_id TEXT, identifier_type TEXT, identifier_value TEXT);
            INSERT INTO contacts_master VALUES (NULL, 'a'), ('02', 'b');
            INSERT INTO contact_identifiers VALUES ('02', 'email', 'x');
            """
        )
        let store = file.store()
        let layout = try await store.read().layout
        let key = try #require(layout.index(of: "contact_id"))
        let emails = try #require(layout.index(of: "emails"))
        let outcomes = try await store.writing { writer in
            try await writer.write(
                (1...2)
                    .map { number in
                        let values: [Int: RawValue] = [key: .text("\(number)"), emails: list(["new"])]
                        return RecordChange(.update, key: "\(number)", rows: [.integer(Int64(number))], values: values)
                    },
                decide: { _, _ in true },
                journal: { _ in }
            )
        }
        #expect(outcomes[0].steps?.map(\.table) == ["contacts_master", "contact_identifiers"])
        #expect(
            outcomes[1] == .refused("rows of table contact_identifiers belong to the key that would become another")
        )
        #expect(try file.identifiers() == ["02|email|x", "1|email|new"])
    }

    @Test("a contact that is added gets its rows, with the forms by which they are looked up")
    func insertion() async throws {
        let file = try file("")
        let start = try Dump(file.path)
        let store = file.store()
        let layout = try await store.read().layout
        let values: [Int: RawValue] = [
            try #require(layout.index(of: "contact_id")): .text("5"),
            try #require(layout.index(of: "first_name")): .text("n"),
            try #require(layout.index(of: "emails")): list(["A@X.org", "no address"], 1),
            try #require(layout.index(of: "phones")): list(["+1 (415) 555-0123", "415 555-0124"]),
        ]
        let steps = try await store.writing { writer in
            try await writer.writeAll([RecordChange(.insert, key: "5", rows: [], values: values)])
        }
        #expect(steps[0].map(\.row) == [.integer(5), .integer(1), .integer(2), .integer(3), .integer(4)])
        #expect(
            try file.identifiers() == [
                "1|5|email|A@X.org|a@x.org|0|home", "2|5|email|no address|NULL|1|home",
                "3|5|phone|+1 (415) 555-0123|+14155550123|0|home", "4|5|phone|415 555-0124|NULL|0|home",
            ]
        )
        _ = try await store.writing { writer in
            try await writer.carryOut(steps.map { $0.reversed().map(\.reversed) }) { _ in }
        }
        #expect(try Dump(file.path) == start)
    }
}

extension TestDatabase {
    /// The rows of `contact_identifiers`, in stored order.
    fileprivate func identifiers() throws -> [String] {
        try Dump.lines(path, "contact_identifiers")
    }
}
