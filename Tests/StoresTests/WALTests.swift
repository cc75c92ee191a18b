import Contacts
import Stores
import Testing

/// A WAL database that its application goes on writing.
@Suite(.timeLimit(.minutes(20))) struct WALTests {
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
    /// state would see two numbers. Some of its pauses are long enough to open all connections in, others are not.
    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func allConnectionsShareOneState(snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.sql)
        let writer = try OtherProcess(
            file.path,
            """
            import select
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA busy_timeout = 3600000")
            ready()
            for number in range(1, 1000001):
                asked = select.select([sys.stdin], [], [], number % 4 / 1000)[0]
                connection.execute("UPDATE contacts_master SET first_name = ?", (str(number),))
                if asked:
                    wait()
                    ready(number)
            wait()
            ready("it made all its changes before all was read")
            """
        )
        #expect(try writer.line() == "ready")
        let store = file.store { settings in
            settings.snapshot = snapshot
            settings.timeout = .seconds(3600)
        }
        var least = 0
        for _ in 0..<5 {
            let names = try await store.read(portions: 2).values("first_name")
            try #require(names.count == 2)
            #expect(names[0] == names[1])
            guard case .text(let text) = names[0], let number = Int(String(decoding: text, as: UTF8.self)) else {
                Issue.record("no number: \(names[0])")
                return
            }
            #expect(number >= least)
            try writer.go()
            let answer = try writer.line()
            least = try #require(Int(answer), "\(answer)")
            // It commits once more between the question and its answer, so no two readings are of one state.
            #expect(least > number)
        }
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
