import Contacts
import Stores
import Testing

/// A WAL database that its application goes on writing.
@Suite struct WALTests {
    private static let sql = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT);
        INSERT INTO contacts_master VALUES (1, '0'), (50000, '0');
        """

    @Test func aSessionKeepsTheStateInWhichItWasOpened() async throws {
        let file = try TestDatabase(Self.sql)
        try await file.store()
            .session { session in
                let change = "UPDATE contacts_master SET first_name = 'new'"
                #expect(try OtherProcess.execute(change, file.path) == "done")
                #expect(
                    try OtherProcess.execute("DELETE FROM contacts_master WHERE contact_id = 1", file.path) == "done"
                )
                let reading = try await session.readAll(portions: 2)
                #expect(reading.values("first_name") == [.text("0"), .text("0")])
                #expect(try await session.fetch("1").map { $0.values[1] } == [.text("0")])
            }
        #expect(try await file.store().read().values("first_name") == [.text("new")])
    }

    /// The writer changes the first and the last row in one transaction, over and over: two connections that shared no
    /// state would see two numbers.
    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func allConnectionsShareOneState(snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.sql)
        let writer = try OtherProcess(
            file.path,
            """
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA busy_timeout = 10000")
            ready()
            number = 0
            while True:
                number += 1
                connection.execute("UPDATE contacts_master SET first_name = ?", (str(number),))
            """
        )
        #expect(try writer.line() == "ready")
        var states: Set<[RawValue]> = []
        for _ in 0..<5 {
            let names = try await file.store { $0.snapshot = snapshot }.read(portions: 2).values("first_name")
            try #require(names.count == 2)
            #expect(names[0] == names[1])
            states.insert(names)
        }
        // The writer did write meanwhile.
        #expect(states.count > 1)
    }

    @Test func readingBlocksNoWriterAndIsBlockedByNone() async throws {
        let file = try TestDatabase(Self.sql)
        let writer = try OtherProcess(
            file.path,
            """
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM contacts_master")
            ready(); wait()
            connection.execute("COMMIT")
            ready(); wait()
            """
        )
        #expect(try writer.line() == "ready")
        let notices = Notices()
        try await file.store { $0.timeout = .zero }
            .session(notify: notices.notify) { session in
                try writer.go()
                #expect(try writer.line() == "ready")
                #expect(try await session.readAll(portions: 2).records.count == 2)
            }
        #expect(notices.all == [])
        #expect(try await file.store().read().records.count == 0)
    }
}
