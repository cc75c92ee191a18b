import Contacts
import Foundation
import GRDB
import Stores
import Testing

/// What SQLite says of a file's structure: everything that is wrong, one sentence each, and no value.
@Suite struct StorageCheckTests {
    /// In the indexed column of every row, and in no sentence.
    private static let secret = "Zebulon-4711"

    /// Contacts whose names are indexed, few enough for an index of one page unless there are more.
    private func contacts(rows: Int = 60) throws -> TestDatabase {
        try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT, notes TEXT);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
                INSERT INTO contacts_master SELECT i, '\(Self.secret)' || i, hex(zeroblob(20)) FROM n;
            CREATE INDEX by_name ON contacts_master (first_name);
            """
        )
    }

    /// The bytes of the pages of an index.
    private func pages(of index: String, in file: TestDatabase) throws -> [Range<Int>] {
        let queue = try DatabaseQueue(path: file.path)
        defer { try? queue.close() }
        return try queue.read { database in
            let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
            let root = try Int.fetchOne(
                database,
                sql: "SELECT rootpage FROM sqlite_schema WHERE name = ?",
                arguments: [index]
            )
            let bytes = try file.bytes()
            var numbers = [try #require(root)]
            // An inner page (type 2) of the root names the leaves: in its cells, and the last one in its head.
            let base = (numbers[0] - 1) * size
            if bytes[base] == 2 {
                func number(_ offset: Int, _ count: Int) -> Int {
                    bytes[(base + offset)..<(base + offset + count)].reduce(0) { $0 << 8 | Int($1) }
                }
                numbers = (0..<number(3, 2)).map { number(number(12 + 2 * $0, 2), 4) } + [number(8, 4)]
            }
            return numbers.map { (($0 - 1) * size)..<($0 * size) }
        }
    }

    /// Overwrites bytes of the file.
    private func change(_ file: TestDatabase, _ body: (inout [UInt8]) throws -> Void) throws {
        var bytes = try file.bytes()
        try body(&bytes)
        try file.write(bytes)
    }

    private func problems(_ file: TestDatabase, _ snapshot: SQLiteStoreSettings.Snapshot = .transaction) async throws
        -> [String]
    {
        let check = try await file.store { $0.snapshot = snapshot }.session { try await $0.checkStorage() }
        let problems = try #require(check).problems
        #expect(
            !problems.contains { $0.contains(Self.secret) || $0.contains("\n") || $0.contains("***") || $0.isEmpty }
        )
        return problems
    }

    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func `a sound file has no problem`(_ snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try contacts(rows: 3000)
        try file.execute(
            """
            CREATE TABLE groups (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES groups (id));
            INSERT INTO groups VALUES (1, NULL), (2, 1), (3, 1);
            """
        )
        #expect(try await problems(file, snapshot) == [])
        #expect(try await problems(TestDatabase("CREATE TABLE contacts_master (contact_id)"), snapshot) == [])
    }

    /// Another key in an index: the table is read as before, but not by that index.
    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func `an entry of an index that is not its row's is a problem, and the table can be read`(
        _ snapshot: SQLiteStoreSettings.Snapshot
    ) async throws {
        let file = try contacts()
        let page = try pages(of: "by_name", in: file)[0]
        try change(file) { bytes in
            let name = Array("\(Self.secret)30".utf8)
            let place = try #require(
                page.first { bytes[$0..<min($0 + name.count, page.upperBound)].elementsEqual(name) }
            )
            bytes[place + name.count - 1] = UInt8(ascii: "~")
        }
        let problems = try await problems(file, snapshot)
        #expect(problems.contains { $0.contains("missing from index by_name") }, "\(problems)")
        #expect(try await file.store().read().records.count == 60)
    }

    /// Some versions of SQLite name the page, others give up.
    @Test func `a page of an index that is none is a problem or damage, and the table can be read`() async throws {
        let file = try contacts(rows: 3000)
        let leaf = try pages(of: "by_name", in: file)[1]
        try change(file) { bytes in for place in leaf { bytes[place] = 0xFF } }
        do {
            #expect(try await !problems(file).isEmpty)
        } catch let error as StoreError {
            #expect(error.code == .damaged)
            #expect(error.message.contains("is damaged"))
        }
        #expect(try await file.store().read().records.count == 3000)
    }

    @Test func `each fault of a page's structure is a sentence of its own`() async throws {
        let file = try contacts()
        let page = try pages(of: "by_name", in: file)[0]
        // Entries that nothing points at.
        try change(file) { $0[page.lowerBound + 4] = 1 }
        #expect(try await problems(file).count > 1)
        #expect(try await file.store().read().records.count == 60)
    }

    @Test func `of many problems a hundred are told`() async throws {
        let file = try contacts(rows: 3000)
        let name = Array(Self.secret.utf8)
        for leaf in try pages(of: "by_name", in: file).prefix(2) {
            try change(file) { bytes in
                for place in leaf.dropLast(name.count) where bytes[place..<(place + name.count)].elementsEqual(name) {
                    bytes[place + 1] = UInt8(ascii: "E")
                }
            }
        }
        #expect(try await problems(file).count == StorageCheck.maximumProblems)
        #expect(try await file.store().read().records.count == 3000)
    }

    // MARK: References

    private static let children = """
        CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT);
        INSERT INTO contacts_master VALUES (1, 'Ada'), (2, 'Grace');
        CREATE TABLE contact_identifiers (
            contact_id INTEGER REFERENCES contacts_master (contact_id), identifier_type TEXT, identifier_value TEXT);
        INSERT INTO contact_identifiers VALUES (1, 'email', '\(secret)@x.org'), (NULL, 'email', '\(secret)');
        """

    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func `a row that refers to none is a problem`(_ snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.children)
        #expect(try await problems(file, snapshot) == [])
        try file.execute("INSERT INTO contact_identifiers VALUES (7, 'email', '\(Self.secret)'), (2, 'phone', '1')")
        let sentence = "row 3 of contact_identifiers refers to a row of contacts_master that does not exist"
        #expect(try await problems(file, snapshot) == [sentence])
    }

    @Test func `a row without a number, and one that refers to a table that is gone, are told too`() async throws {
        let file = try TestDatabase(Self.children)
        try file.execute(
            """
            CREATE TABLE members (contact TEXT PRIMARY KEY REFERENCES nowhere (id)) WITHOUT ROWID;
            INSERT INTO members VALUES ('\(Self.secret)');
            """
        )
        #expect(try await problems(file) == ["a row of members refers to a row of nowhere that does not exist"])
    }

    @Test func `of many references a hundred are told, those of the structure first`() async throws {
        let file = try TestDatabase(Self.children)
        try file.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
                INSERT INTO contact_identifiers SELECT i, 'email', '\(Self.secret)' FROM n;
            """
        )
        let references = try await problems(file)
        #expect(references.count == StorageCheck.maximumProblems)
        #expect(
            references.first == "row 3 of contact_identifiers refers to a row of contacts_master that does not exist"
        )
        #expect(Set(references).count == references.count)

        try file.execute("CREATE INDEX by_value ON contact_identifiers (identifier_value, contact_id)")
        // Entries of a leaf that nothing points at.
        let leaf = try pages(of: "by_value", in: file)[0]
        try change(file) { $0[leaf.lowerBound + 4] &-= 1 }
        let all = try await problems(file)
        #expect(all.count == StorageCheck.maximumProblems)
        #expect(all.first?.contains("refers to") == false)
    }

    /// Such files are made and used where foreign keys are not enforced.
    @Test func `references that SQLite cannot follow are a problem, not the end`() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT);
            CREATE TABLE cities (name TEXT);
            CREATE TABLE streets (city TEXT REFERENCES cities (name));
            INSERT INTO streets VALUES ('\(Self.secret)');
            """
        )
        let problems = try await problems(file)
        #expect(problems.count == 1)
        #expect(problems.first?.contains("streets") == true)
    }
}
