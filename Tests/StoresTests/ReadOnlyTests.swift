import Contacts
import Stores
import Testing

/// An audit changes neither the database's bytes nor its time of change.
@Suite struct ReadOnlyTests {
    static let modes = ["DELETE", "WAL", "PERSIST", "TRUNCATE"]

    private static func sql(_ mode: String) -> String {
        """
        PRAGMA journal_mode = \(mode);
        CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT);
        CREATE TABLE contact_identifiers (contact_id TEXT, identifier_type TEXT, identifier_value TEXT);
        INSERT INTO contacts_master (rowid, contact_id) VALUES (1, 'a'), (90000, 'b');
        INSERT INTO contact_identifiers VALUES ('a', 'email', 'x');
        """
    }

    @Test(arguments: modes, SQLiteStoreSettings.Snapshot.allCases)
    func theFileStaysAsItWas(mode: String, snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.sql(mode))
        let before = try file.state()
        let store = file.store { $0.snapshot = snapshot }
        try await store.session { session async throws in
            #expect(try await session.readAll(portions: 2).records.count == 2)
            #expect(try await session.fetch("a").count == 1)
        }
        #expect(try file.state()[""] == before[""])
        #expect(try file.state()["-journal"] == before["-journal"])
        #expect(file.copies() == [])
    }

    /// The -wal file of an application that was killed is read, and neither emptied nor written back.
    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func aLeftWALIsReadAndKept(snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.sql("WAL"))
        let writer = try OtherProcess(
            file.path,
            "connection.execute(\"INSERT INTO contacts_master (rowid, contact_id) VALUES (5, 'new')\"); ready(); wait()"
        )
        #expect(try writer.line() == "ready")
        writer.kill()
        let before = try file.state()
        #expect(before.keys.sorted() == ["", "-wal"])
        let reading = try await file.store { $0.snapshot = snapshot }.read()
        #expect(reading.values("contact_id") == ["a", "new", "b"].map { .text($0) })
        #expect(try file.state() == before)
    }

    @Test func aSessionThatFailsLeavesTheFileAsItWas() async throws {
        let file = try TestDatabase("CREATE TABLE other (i)")
        let before = try file.state()
        #expect(try await file.store().failure()?.code == .noTable)
        #expect(try file.state() == before)
    }

    @Test func aCopyGoesWhenTheSessionIsClosed() async throws {
        let file = try TestDatabase(Self.sql("DELETE"))
        let session = try await file.store { $0.snapshot = .copy }.open(notify: { _ in })
        #expect(file.copies().count == 1)
        #expect(try await session.readAll().proof.statement.contains("a copy made by SQLite's backup interface"))
        await session.close()
        #expect(file.copies() == [])
        #expect(session.layout.columns.count == 2)
    }

    @Test func aCopyOfNoUseIsRemoved() async throws {
        let file = try TestDatabase("CREATE TABLE other (i)")
        #expect(try await file.store { $0.snapshot = .copy }.failure()?.code == .noTable)
        #expect(file.copies() == [])
    }
}
