import Contacts
import Foundation
import Stores
import Testing

/// The journal of an application that was killed in the middle of a transaction.
@Suite struct HotJournalTests {
    /// A database whose pages were partly overwritten by a transaction that nobody will finish.
    private func cutOff() throws -> TestDatabase {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT, notes TEXT);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                INSERT INTO contacts_master SELECT i, 'old', hex(zeroblob(200)) FROM n;
            """
        )
        let before = try file.bytes()
        let writer = try OtherProcess(
            file.path,
            """
            connection.execute("PRAGMA cache_size = 5")
            connection.execute("BEGIN")
            connection.execute("UPDATE contacts_master SET first_name = 'new'")
            ready(); wait()
            """
        )
        #expect(try writer.line() == "ready")
        writer.kill()
        try #require(FileManager.default.fileExists(atPath: file.path + "-journal"))
        try #require(try file.bytes() != before)
        return file
    }

    @Test func readingInPlaceIsRefused() async throws {
        let file = try cutOff()
        let before = try file.state()
        let error = try await file.store().failure()
        #expect(error?.code == .hotJournal)
        #expect(error?.operation == "open")
        #expect(error?.isRetryable == false)
        #expect(
            error?.message
                == "\(file.path) has a journal of a transaction that was cut off, and reading it in place would"
                + " change it. Open it once with its own application, or set stores.local.snapshot to copy."
        )
        #expect(try file.state() == before)
        #expect(file.copies() == [])
    }

    @Test(arguments: [0o644, 0o444])
    func aCopyIsReadWithTheTransactionUndone(mode: Int) async throws {
        let file = try cutOff()
        for suffix in ["", "-journal"] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path + suffix)
        }
        let before = try file.state()
        let reading = try await file.store { $0.snapshot = .copy }.read(portions: 2)
        #expect(reading.values("first_name") == Array(repeating: .text("old"), count: 2000))
        #expect(
            reading.proof.statement == "2000 rows read to the end of contacts_master from a copy of the file,"
                + " its cut-off transaction undone"
        )
        #expect(try file.state() == before)
        #expect(file.copies() == [])
    }

    /// A size at which the file would be copied anyway changes nothing: what is undone is asked for.
    @Test func aLargeDatabaseIsRefusedToo() async throws {
        let file = try cutOff()
        #expect(try await file.store { $0.maxLock = .zero }.failure()?.code == .hotJournal)
        #expect(file.copies() == [])
    }

    /// A journal that was kept after its transaction ended is none of these.
    @Test(arguments: ["PERSIST", "TRUNCATE"], SQLiteStoreSettings.Snapshot.allCases)
    func aJournalThatIsOverIsIgnored(mode: String, snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(
            """
            PRAGMA journal_mode = \(mode);
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY);
            INSERT INTO contacts_master VALUES (1);
            """
        )
        #expect(FileManager.default.fileExists(atPath: file.path + "-journal"))
        #expect(try await file.store { $0.snapshot = snapshot }.read().records.count == 1)
    }

    /// The journal of a writer that lives is its own.
    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func aTransactionInProgressIsNotSeen(snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(
            "CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY); INSERT INTO contacts_master VALUES (1)"
        )
        let writer = try OtherProcess(
            file.path,
            "connection.execute('BEGIN'); connection.execute('DELETE FROM contacts_master'); ready(); wait()"
        )
        #expect(try writer.line() == "ready")
        try #require(FileManager.default.fileExists(atPath: file.path + "-journal"))
        #expect(try await file.store { $0.snapshot = snapshot }.read().records.count == 1)
    }
}
