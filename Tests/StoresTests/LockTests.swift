import Contacts
import Foundation
import Stores
import Testing

/// A database in rollback mode, where readers and writers exclude each other.
@Suite(.timeLimit(.minutes(20))) struct LockTests {
    private static let sql = """
        CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT, notes BLOB);
        INSERT INTO contacts_master VALUES (1, 'Zebulon', zeroblob(1 << 20)), (50000, 'Zebulon', NULL);
        """

    private static let holdExclusively = """
        connection.execute("BEGIN EXCLUSIVE")
        ready(); wait()
        connection.execute("UPDATE contacts_master SET first_name = 'new'")
        connection.execute("COMMIT")
        ready(); wait()
        """

    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func aWriterThatStaysIsAnErrorAfterTheTimeout(snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.sql)
        let writer = try OtherProcess(file.path, Self.holdExclusively)
        #expect(try writer.line() == "ready")
        let store = file.store { settings in
            settings.timeout = .milliseconds(120)
            settings.snapshot = snapshot
        }
        let start = ContinuousClock.now
        let error = try await store.failure()
        #expect(ContinuousClock.now - start >= .milliseconds(120))
        #expect(error?.code == .locked)
        #expect(error?.operation == "open")
        #expect(error?.isRetryable == true)
        #expect(
            error?.message
                == "\(file.path) was locked by a writer for longer than 0.12 seconds. Try again when the writer"
                + " is done, or raise stores.local.timeout."
        )
        #expect(file.copies() == [])
    }

    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func aWriterThatGoesIsWaitedFor(snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.sql)
        let writer = try OtherProcess(file.path, Self.holdExclusively)
        #expect(try writer.line() == "ready")
        let notices = Notices()
        let reading = Task {
            try await file.store { settings in
                settings.snapshot = snapshot
                settings.timeout = .seconds(3600)
            }
            .session(notify: notices.notify) { try await $0.readAll() }
        }
        await notices.first()
        try writer.go()
        #expect(try writer.line() == "ready")
        #expect(try await reading.value.values("first_name") == [.text("new"), .text("new")])
        #expect(notices.all.first?.hasPrefix("waiting for a writer of \(file.path) (") == true)
        #expect(file.copies() == [])
    }

    @Test func waitingEndsWhenTheTaskIsCancelled() async throws {
        let file = try TestDatabase(Self.sql)
        let writer = try OtherProcess(file.path, Self.holdExclusively)
        #expect(try writer.line() == "ready")
        let notices = Notices()
        let reading = Task {
            _ = try await file.store { $0.timeout = .seconds(3600) }
                .session(notify: notices.notify) { try await $0.readAll() }
        }
        await notices.first()
        reading.cancel()
        await #expect(throws: CancellationError.self) { try await reading.value }
    }

    @Test func aReadInPlaceKeepsItsStateUntilItIsClosed() async throws {
        let file = try TestDatabase(Self.sql)
        let update = "UPDATE contacts_master SET first_name = 'new'"
        try await file.store { $0.maxLock = .seconds(10) }
            .session { session async throws in
                #expect(try OtherProcess.execute(update, file.path) == "database is locked")
                #expect(
                    try await session.readAll(portions: 2).values("first_name") == [.text("Zebulon"), .text("Zebulon")]
                )
            }
        #expect(try OtherProcess.execute(update, file.path) == "done")
    }

    /// Opening and closing the file apart from SQLite would drop the locks of this process on it.
    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func anotherSessionLeavesTheLocksOfTheFirst(snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.sql)
        let update = "UPDATE contacts_master SET first_name = 'new'"
        try await file.store()
            .session { session async throws in
                let other = try await file.store { $0.snapshot = snapshot }.read()
                #expect(other.records.count == 2)
                #expect(try OtherProcess.execute(update, file.path) == "database is locked")
                #expect(try await session.readAll().values("first_name") == [.text("Zebulon"), .text("Zebulon")])
            }
    }

    /// What would block the writers for longer than `maxLock` is read from a copy, which blocks nobody.
    @Test func aLongReadIsMadeFromACopy() async throws {
        let file = try TestDatabase(Self.sql)
        let notices = Notices()
        let store = file.store { $0.maxLock = .zero }
        try await store.session(notify: notices.notify) { session async throws in
            let update = "UPDATE contacts_master SET first_name = 'new'"
            #expect(try OtherProcess.execute(update, file.path) == "done")
            let reading = try await session.readAll(portions: 2)
            #expect(reading.values("first_name") == [.text("Zebulon"), .text("Zebulon")])
            #expect(
                reading.proof.statement
                    == "2 rows read to the end of contacts_master from a copy made by SQLite's backup interface"
            )
            #expect(file.copies().count == 1)
        }
        #expect(notices.all == ["local is read from a copy, since reading it in place would block its writers"])
        #expect(file.copies() == [])
    }

    /// More changes than the writer has time for while this suite has any left.
    private static let mostChanges = 100_000_000

    /// A writer that commits between any two steps of the copying makes each of them begin anew.
    @Test func aDatabaseThatNeverRestsIsCopiedOrGivenUp() async throws {
        let file = try TestDatabase(
            """
            PRAGMA page_size = 512;
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT, notes BLOB);
            INSERT INTO contacts_master VALUES (1, '', zeroblob(30 << 20)), (2, '', NULL), (3, '', NULL);
            """
        )
        let writer = try OtherProcess(
            file.path,
            """
            import select
            connection.execute("PRAGMA synchronous = OFF")
            ready()
            for number in range(1, \(Self.mostChanges) + 1):
                try:
                    connection.execute("UPDATE contacts_master SET first_name = ? WHERE contact_id > 1", (str(number),))
                except sqlite3.OperationalError:
                    pass
                if select.select([sys.stdin], [], [], 0)[0]:
                    break
            wait()
            ready(number)
            """
        )
        #expect(try writer.line() == "ready")
        let store = file.store { settings in
            settings.snapshot = .copy
            settings.timeout = .seconds(3)
        }
        do {
            let names = try await store.read().values("first_name")
            try #require(names.count == 3)
            // Whichever state was copied, it is one.
            #expect(names[1] == names[2])
        } catch let error as StoreError {
            #expect([.locked, .changing].contains(error.code), "\(error.message)")
            #expect(error.isRetryable)
        }
        try writer.go()
        let changes = try #require(Int(try writer.line()))
        #expect(changes < Self.mostChanges, "the writer rested before the copy was made or given up")
        #expect(file.copies() == [])
    }
}
