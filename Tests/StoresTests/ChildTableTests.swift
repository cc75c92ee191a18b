import Contacts
import Stores
import Testing

@Suite struct ChildTableTests {
    static let indices = ["", "CREATE INDEX i ON contact_identifiers (contact_id);"]

    private func file(
        key: String = "INTEGER",
        child: String = "contact_id INTEGER, identifier_type TEXT, identifier_value TEXT, is_primary INTEGER",
        index: String = "",
        _ inserts: String
    ) throws -> TestDatabase {
        try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id \(key), first_name TEXT);
            CREATE TABLE contact_identifiers (\(child));
            \(index)
            \(inserts)
            """
        )
    }

    @Test(arguments: indices)
    func membersAreThoseOfTheContact(index: String) async throws {
        let file = try file(
            index: index,
            """
            INSERT INTO contacts_master VALUES (1, 'a'), (2, 'b'), (NULL, 'c'), (4, 'd');
            INSERT INTO contact_identifiers VALUES
                (4, 'email', 'd1', 0), (1, 'email', 'a1', 0), (1, 'phone', '+1', 1), (1, 'email', 'a2', 1),
                (1, 'social_profile', 'x', 1), (1, 'email', 'a3', 1),
                (4, 'platform_id', 'y', 0), (4, 'email', 'd2', NULL);
            """
        )
        let reading = try await file.store().read()
        #expect(
            reading.values("emails") == [
                .list([.text("a1"), .text("a2"), .text("a3")], primary: 1), .null, .null,
                .list([.text("d1"), .text("d2")], primary: nil),
            ]
        )
        #expect(reading.values("phones") == [.list([.text("+1")], primary: 0), .null, .null, .null])
        #expect(reading.proof.remarks == [])
        #expect(reading.reason("contact_identifiers") == "only values of emails and phones are compared")
        #expect(try await file.store().session { try await $0.fetch("4")[0].values } == reading.records[3].values)
    }

    @Test(arguments: ["1", "'1'", "'true'", "'TRUE'", "'t'", "'yes'", "'Y'", "1.0", "'1.0'"], indices)
    func aPrimaryMemberIsMarkedInAnySpelling(literal: String, index: String) async throws {
        let file = try file(
            child: "contact_id INTEGER, identifier_type TEXT, identifier_value TEXT, is_primary",
            index: index,
            """
            INSERT INTO contacts_master VALUES (1, 'a');
            INSERT INTO contact_identifiers VALUES (1, 'email', 'a1', 'false'), (1, 'email', 'a2', \(literal));
            """
        )
        #expect(try await file.store().read().values("emails") == [.list([.text("a1"), .text("a2")], primary: 1)])
    }

    @Test(arguments: indices)
    func withoutThatColumnNoMemberIsPrimary(index: String) async throws {
        let file = try file(
            child: "contact_id INTEGER, identifier_type TEXT, identifier_value TEXT",
            index: index,
            """
            INSERT INTO contacts_master VALUES (1, 'a');
            INSERT INTO contact_identifiers VALUES (1, 'email', 'a1'), (1, 'email', 'a2');
            """
        )
        #expect(try await file.store().read().values("emails") == [.list([.text("a1"), .text("a2")], primary: nil)])
    }

    /// The first in stored order is the one member of a store that holds one.
    @Test(arguments: indices + ["CREATE INDEX i ON contact_identifiers (contact_id, identifier_value);"])
    func membersKeepTheirStoredOrder(index: String) async throws {
        let file = try file(
            index: index,
            """
            INSERT INTO contacts_master VALUES (1, 'a');
            INSERT INTO contact_identifiers VALUES (1, 'email', 'z', 0), (1, 'email', 'a', 0), (1, 'email', 'm', 0);
            """
        )
        #expect(
            try await file.store().read().values("emails")
                == [.list([.text("z"), .text("a"), .text("m")], primary: nil)]
        )
    }

    @Test(arguments: indices)
    func rowsOfNoContactAreRemarked(index: String) async throws {
        let file = try file(
            index: index,
            """
            INSERT INTO contacts_master VALUES (1, 'a');
            INSERT INTO contact_identifiers VALUES (1, 'email', 'a', 0), (9, 'email', 'Zebulon', 0),
                (NULL, 'phone', '+1', 0),
                (9, 'social_profile', 'x', 0);
            """
        )
        #expect(
            try await file.store().read().proof.remarks
                == ["2 e-mails and phones of contact_identifiers belong to no contact"]
        )
    }

    /// (key column, key, child column, child's key): SQLite compares a number and a text by the columns' types.
    static let mismatches = [
        ("INTEGER", "7", "TEXT", "'7'"), ("TEXT", "'7'", "INTEGER", "7"), ("TEXT", "'007'", "INTEGER", "7"),
        ("TEXT", "'7.0'", "INTEGER", "7"), ("TEXT", "'+7'", "INTEGER", "7"), ("REAL", "7", "INTEGER", "7"),
        ("INTEGER", "7", "REAL", "7"), ("TEXT", "'a'", "TEXT", "'a'"), ("INTEGER", "7", "", "7"),
    ]

    @Test(arguments: mismatches, indices)
    func keysOfTwoTypesMeet(mismatch: (String, String, String, String), index: String) async throws {
        let file = try file(
            key: mismatch.0,
            child: "contact_id \(mismatch.2), identifier_type TEXT, identifier_value TEXT",
            index: index,
            """
            INSERT INTO contacts_master VALUES (\(mismatch.1), 'a');
            INSERT INTO contact_identifiers VALUES (\(mismatch.3), 'email', 'it');
            """
        )
        let reading = try await file.store().read()
        #expect(reading.values("emails") == [.list([.text("it")], primary: nil)])
        #expect(reading.proof.remarks == [])
    }

    /// What does not meet is never lost silently.
    @Test(arguments: indices)
    func keysThatDoNotMeetAreRemarked(index: String) async throws {
        let file = try file(
            child: "contact_id TEXT, identifier_type TEXT, identifier_value TEXT",
            index: index,
            """
            INSERT INTO contacts_master VALUES (7, 'a');
            INSERT INTO contact_identifiers VALUES ('007', 'email', 'it');
            """
        )
        let reading = try await file.store().read()
        #expect(reading.values("emails") == [.null])
        #expect(reading.proof.remarks == ["1 e-mails and phones of contact_identifiers belong to no contact"])
    }

    @Test(arguments: [1, 2])
    func everyPortionReadsItsOwnMembers(portions: Int) async throws {
        let file = try file(
            """
            INSERT INTO contacts_master (rowid, contact_id) VALUES (1, 1), (2, 2), (50000, 3), (50001, 4);
            INSERT INTO contact_identifiers SELECT contact_id, 'email', 'e' || contact_id, 1 FROM contacts_master;
            """
        )
        let reading = try await file.store().read(portions: portions)
        #expect(reading.values("emails") == (1...4).map { .list([.text("e\($0)")], primary: 0) })
        #expect(reading.proof.remarks == [])
    }

    @Test func aNamedTableIsReadInsteadOfColumns() async throws {
        let file = try TestDatabase(
            #"""
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, emails TEXT, phone TEXT);
            CREATE TABLE "my ""child""" (CONTACT_ID, Identifier_Type, IDENTIFIER_VALUE, Is_Primary);
            INSERT INTO contacts_master VALUES (1, 'column', '+2');
            INSERT INTO "my ""child""" VALUES (1, 'email', 'child', 1);
            """#
        )
        let child = try await file.store { $0.tables.identifiers = .table("my \"child\"") }.read()
        #expect(child.values("emails") == [.list([.text("child")], primary: 0)])
        #expect(child.values("phones") == [.null])
        let columns = try await file.store { $0.tables.identifiers = .none }.read()
        #expect(columns.values("emails") == [.text("column")])
        #expect(columns.values("phones") == [.text("+2")])
        // A field that is mapped to a column is read from it, child table or not.
        let mapped =
            try await file.store { settings in
                settings.tables.identifiers = .table("my \"child\"")
                settings.tables.fields["phones"] = .held(.init(column: "phone"))
            }
            .read()
        #expect(mapped.values("emails") == [.list([.text("child")], primary: 0)])
        #expect(mapped.values("phones") == [.text("+2")])
    }

    @Test func aMissingTableIsAnErrorOnlyWhereItWasNamed() async throws {
        let file = try TestDatabase("CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, email TEXT)")
        #expect(try await file.store().read().records.isEmpty)
        let error = try await file.store { $0.tables.identifiers = .table("nowhere") }.failure()
        #expect(error?.code == .noTable)
        #expect(error?.message == "there is no table nowhere. Check stores.local.identifiers; null: there is none.")
    }

    @Test(arguments: ["contact_id", "identifier_type", "identifier_value"])
    func aTableWithoutAColumnIsRefused(column: String) async throws {
        let columns = ["contact_id", "identifier_type", "identifier_value"].filter { $0 != column }
        let file = try file(child: columns.joined(separator: ", "), "")
        let error = try await file.store().failure()
        #expect(error?.code == .badMapping)
        #expect(error?.message == "table contact_identifiers has no column \(column).")
    }
}
