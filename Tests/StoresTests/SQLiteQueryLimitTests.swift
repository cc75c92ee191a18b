import Contacts
import Stores
import Testing

/// Queries that do not end, give too much, or meet a writer.
@Suite(.timeLimit(.minutes(20))) struct SQLiteQueryLimitTests {
    private static func table(_ mode: String = "DELETE") -> String {
        """
        PRAGMA journal_mode = \(mode);
        CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT);
        INSERT INTO contacts_master VALUES (1, 'Zebulon'), (2, 'Yolanda');
        """
    }

    private static let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    /// Gives no row and never ends.
    private static let fruitless = endless + " WHERE i < 0"

    /// The numbers from 1 to a number.
    private static func numbers(_ count: Int) -> String {
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count)) SELECT i FROM n"
    }

    // MARK: Too long

    @Test(arguments: ["DELETE", "WAL"], SQLiteStoreSettings.Snapshot.allCases)
    func aSelectThatNeverEnds(mode: String, snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.table(mode))
        let start = ContinuousClock.now
        let answer = try await file.store { $0.snapshot = snapshot }.answer(Self.fruitless, timeout: .seconds(1))
        #expect(answer == Answer(end: .timeout))
        #expect(ContinuousClock.now - start >= .seconds(1))
        #expect(file.copies() == [])
    }

    @Test func whatItGaveBeforeIsKept() async throws {
        let file = try TestDatabase(Self.table("WAL"))
        let answer = try await file.store()
            .answer("SELECT 7 UNION ALL SELECT * FROM (\(Self.fruitless))", timeout: .milliseconds(300))
        #expect(answer == Answer(values: [.integer(7)], end: .timeout))
    }

    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func aQueryEndsWhenItsTaskIsCancelled(snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.table("WAL"))
        let query = Task {
            try await file.store { $0.snapshot = snapshot }.answer(Self.fruitless, timeout: .seconds(3600))
        }
        try await Task.sleep(for: .milliseconds(200))
        query.cancel()
        await #expect(throws: CancellationError.self) { try await query.value }
        #expect(file.copies() == [])
    }

    // MARK: Too much

    @Test func aMillionRows() async throws {
        let file = try TestDatabase(Self.table("WAL"))
        let answer = try await file.store().answer(Self.numbers(1_000_000), limit: 10_000)
        #expect(answer.values == (1...10_000).map { .integer($0) })
        #expect(answer.end == .limit(further: 990_000, isExact: true))
    }

    @Test(arguments: [
        (2, StoreQuery.End.complete), (1, .limit(further: 1, isExact: true)), (3, .complete),
    ])
    func theLimitIsExact(limit: Int, end: StoreQuery.End) async throws {
        let file = try TestDatabase(Self.table("WAL"))
        let answer = try await file.store().answer("SELECT contact_id FROM contacts_master", limit: limit)
        #expect(answer == Answer(values: (1...Int64(min(limit, 2))).map { .integer($0) }, end: end))
    }

    @Test func rowsThatNeverEndAreNotCountedForEver() async throws {
        let file = try TestDatabase(Self.table("WAL"))
        let answer = try await file.store().answer(Self.endless, limit: 1)
        let end = StoreQuery.End.limit(further: StoreQuery.maximumFurther, isExact: false)
        #expect(answer == Answer(values: [.integer(1)], end: end))
    }

    @Test func countingEndsWithTheTime() async throws {
        let file = try TestDatabase(Self.table("WAL"))
        let answer = try await file.store()
            .answer(
                "SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT * FROM (\(Self.fruitless))",
                limit: 1,
                timeout: .milliseconds(300)
            )
        #expect(answer == Answer(values: [.integer(7)], end: .limit(further: 1, isExact: false)))
    }

    /// Nor does counting hold writers up for longer than they may be.
    @Test func countingEndsWithTheLock() async throws {
        let file = try TestDatabase(Self.table())
        let store = file.store { $0.maxLock = .zero }
        let answer = try await store.answer(Self.endless, limit: 1)
        guard case .limit(let further, false) = answer.end else {
            Issue.record("it ended with \(answer.end)")
            return
        }
        #expect(answer.values == [.integer(1)] && further < StoreQuery.maximumFurther)
    }

    @Test func whatTheReceiverThrowsEndsIt() async throws {
        struct Enough: Error {}
        let file = try TestDatabase(Self.table("WAL"))
        let query = StoreQuery(sql: Self.endless, limit: 10, timeout: .seconds(600))
        let notify: @Sendable (String) -> Void = { _ in }
        var values = 0
        await #expect(throws: Enough.self) {
            _ = try await file.store()
                .select(query, notify: notify) { _ in
                    values += 1
                    if values == 2 { throw Enough() }
                }
        }
        #expect(values == 2)
    }

    // MARK: Writers

    private static let holdExclusively = """
        connection.execute("BEGIN EXCLUSIVE")
        ready(); wait()
        connection.execute("UPDATE contacts_master SET first_name = 'new'")
        connection.execute("COMMIT")
        ready(); wait()
        """

    @Test func aWriterThatStays() async throws {
        let file = try TestDatabase(Self.table())
        let writer = try OtherProcess(file.path, Self.holdExclusively)
        #expect(try writer.line() == "ready")
        let store = file.store { $0.timeout = .milliseconds(120) }
        let error = await #expect(throws: StoreError.self) { _ = try await store.answer("SELECT 1") }
        #expect(error?.code == .locked)
        #expect(error?.isRetryable == true)
        // Nothing is known of the text then, and nobody waits for it.
        let start = ContinuousClock.now
        try await file.store { $0.timeout = .seconds(3600) }.check(select: "nonsense")
        #expect(ContinuousClock.now - start < .seconds(600))
    }

    @Test func aWriterThatGoesIsWaitedFor() async throws {
        let file = try TestDatabase(Self.table())
        let writer = try OtherProcess(file.path, Self.holdExclusively)
        #expect(try writer.line() == "ready")
        let notices = Notices()
        let query = Task {
            try await file.store { $0.timeout = .seconds(3600) }
                .answer("SELECT first_name FROM contacts_master", notify: notices.notify)
        }
        await notices.first()
        try writer.go()
        #expect(try writer.line() == "ready")
        #expect(try await query.value == Answer(values: [.text("new"), .text("new")], end: .complete))
    }

    /// A query that would hold the writers up is begun anew on a copy: each row comes once.
    @Test func aLongQueryIsRunOnACopy() async throws {
        let file = try TestDatabase(Self.table())
        let notices = Notices()
        let store = file.store { $0.maxLock = .zero }
        let sql = "SELECT contact_id FROM contacts_master WHERE (SELECT max(i) FROM (\(Self.numbers(100_000)))) > 0"
        let answer = try await store.answer(sql, notify: notices.notify)
        #expect(answer == Answer(values: [.integer(1), .integer(2)], end: .complete))
        #expect(
            notices.all == ["a query of local is begun anew on a copy, since it would block the store's writers"]
        )
        #expect(file.copies() == [])
    }

    @Test func writersGoOnWhileACopyIsRead() async throws {
        let file = try TestDatabase(Self.table())
        let notices = Notices()
        let query = Task {
            try await file.store { $0.maxLock = .zero }
                .answer(Self.fruitless, timeout: .seconds(3600), notify: notices.notify)
        }
        await notices.first()
        let update = "UPDATE contacts_master SET first_name = 'new'"
        while try OtherProcess.execute(update, file.path) != "done" { try await Task.sleep(for: .milliseconds(10)) }
        query.cancel()
        await #expect(throws: CancellationError.self) { try await query.value }
        #expect(file.copies() == [])
    }

    /// A database in WAL mode holds nobody up and is read in place, however long.
    @Test func aLongQueryInWALModeIsRunInPlace() async throws {
        let file = try TestDatabase(Self.table("WAL"))
        let notices = Notices()
        let store = file.store { $0.maxLock = .zero }
        let answer = try await store.answer("SELECT max(i) FROM (\(Self.numbers(100_000)))", notify: notices.notify)
        #expect(answer == Answer(values: [.integer(100_000)], end: .complete))
        #expect(notices.all == [])
    }
}
