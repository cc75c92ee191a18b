import Contacts
import Testing

@testable import Stores

/// Sessions that only fetch: they need not hold a database still in between.
@Suite(.timeLimit(.minutes(20))) struct FetchSessionTests {
    private static let key = "contact_id TEXT PRIMARY KEY"
    private static func sql(_ key: String) -> String {
        """
        PRAGMA journal_mode = DELETE;
        CREATE TABLE contacts_master (\(key), first_name TEXT);
        INSERT INTO contacts_master VALUES ('7', 'Ada'), ('8', 'Bob');
        """
    }

    @Test func aLongReadHoldsWritersUpForOneFetchAtATime() async throws {
        let file = try TestDatabase(Self.sql(Self.key))
        let notices = Notices()
        let session = try await file.store { $0.maxLock = .zero }.openForFetches(notify: notices.notify)
        #expect(try await session.fetch("7").map { $0.values[1] } == [.text("Ada")])
        #expect(try OtherProcess.execute("UPDATE contacts_master SET first_name = 'Eve'", file.path) == "done")
        #expect(try await session.fetch("7", rows: [.integer(1)]).map { $0.values[1] } == [.text("Eve")])
        #expect(try await session.fetch("9") == [])
        #expect(file.copies() == [])
        await session.close()
        #expect(notices.all == [])
    }

    /// It reads no portion, so it proves nothing.
    @Test func itProvesNothing() async throws {
        let file = try TestDatabase(Self.sql(Self.key))
        let session = try await file.store { $0.maxLock = .zero }.openForFetches(notify: { _ in })
        await #expect(throws: StoreError.self) { try await session.prove() }
        await session.close()
    }

    /// Without an index each fetch reads the table through, which is as long as a scan.
    @Test func withoutAnIndexItReadsACopy() async throws {
        let file = try TestDatabase(Self.sql("contact_id TEXT"))
        let session = try await file.store { $0.maxLock = .zero }.openForFetches(notify: { _ in })
        #expect(file.copies().count == 1)
        #expect(try await session.fetch("8").map { $0.values[1] } == [.text("Bob")])
        await session.close()
        #expect(file.copies() == [])
    }

    /// A copy that was asked for, a short read and a database in WAL mode are read as in a scan: in one state.
    @Test(arguments: ["copy", "short", "wal"])
    func elseItIsASessionAsAnyOther(kind: String) async throws {
        let file = try TestDatabase(Self.sql(Self.key))
        if kind == "wal" { try file.execute("PRAGMA journal_mode = WAL") }
        let store = file.store {
            $0.maxLock = kind == "short" ? .seconds(3600) : .zero
            $0.snapshot = kind == "copy" ? .copy : .transaction
        }
        let session = try await store.openForFetches(notify: { _ in })
        #expect(file.copies().count == (kind == "copy" ? 1 : 0))
        let answer = try OtherProcess.execute("UPDATE contacts_master SET first_name = 'Eve'", file.path)
        #expect(answer == (kind == "short" ? "database is locked" : "done"))
        #expect(try await session.fetch("7").map { $0.values[1] } == [.text("Ada")])
        await session.close()
    }

    @Test func aWriterIsWaitedForInAFetchToo() async throws {
        let file = try TestDatabase(Self.sql(Self.key))
        let notices = Notices()
        let store = file.store {
            $0.maxLock = .zero
            $0.timeout = .seconds(3600)
        }
        let session = try await store.openForFetches(notify: notices.notify)
        let writer = try OtherProcess(
            file.path,
            """
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("UPDATE contacts_master SET first_name = 'Eve'")
            ready(); wait()
            connection.execute("COMMIT")
            ready(); wait()
            """
        )
        #expect(try writer.line() == "ready")
        async let found = session.fetch("7")
        await notices.first()
        try writer.go()
        #expect(try writer.line() == "ready")
        #expect(try await found.map { $0.values[1] } == [.text("Eve")])
        #expect(notices.all.first?.hasPrefix("waiting for a writer of ") == true)
        await session.close()
    }
}
