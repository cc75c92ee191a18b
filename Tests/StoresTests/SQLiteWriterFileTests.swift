import Contacts
import Foundation
import GRDB
import Testing

@testable import Stores

/// Files that cannot be written, not at once, or not any more.
@Suite(.timeLimit(.minutes(20))) struct SQLiteWriterFileTests {
    private static let sql = """
        CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT);
        INSERT INTO contacts_master VALUES (1, 'a'), (2, 'b');
        """

    private static func change(_ store: SQLiteStore, _ text: String, row: Int64 = 1) async throws -> RecordChange {
        let name = try #require(try await store.read().layout.index(of: "first_name"))
        return RecordChange(.update, key: "\(row)", rows: [.integer(row)], values: [name: .text(text)])
    }

    @Test("a file that is not there is not made")
    func missing() async throws {
        let file = try TestDatabase()
        let error = await #expect(throws: StoreError.self) { _ = try await file.store().openForWriting { _ in } }
        #expect(error?.code == .missing)
        #expect(error?.message == "there is no file \(file.path). Check stores.local.path.")
        #expect(try FileManager.default.contentsOfDirectory(atPath: file.folder) == [])
    }

    @Test("opening alone changes nothing, and the journal mode stays", arguments: ["DELETE", "WAL"])
    func opening(mode: String) async throws {
        let file = try TestDatabase("PRAGMA journal_mode = \(mode);" + Self.sql)
        let before = try file.bytes()
        try await file.store().writing { _ in }
        #expect(try file.bytes() == before)
        let change = try await Self.change(file.store(), "x")
        _ = try await file.store().writing { try await $0.writeAll([change]) }
        #expect(SQLiteHeader.isInWALMode(file.path) == (mode == "WAL"))
    }

    @Test("between the reading and the commit nobody else can write")
    func noWriterBetween() async throws {
        let file = try TestDatabase(Self.sql)
        let store = file.store()
        let change = try await Self.change(store, "x")
        let update = "UPDATE contacts_master SET first_name = 'theirs' WHERE contact_id = 1"
        let outcomes = try await store.writing { writer in
            try await writer.write(
                [change],
                decide: { _, _ throws in
                    #expect(try OtherProcess.execute(update, file.path) == "database is locked")
                    return true
                },
                journal: { _ throws in
                    #expect(try OtherProcess.execute(update, file.path) == "database is locked")
                }
            )
        }
        #expect(outcomes[0].steps?.count == 1)
        #expect(try OtherProcess.execute(update, file.path) == "done")
    }

    private static let hold = """
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE contacts_master SET first_name = 'theirs' WHERE contact_id = 1")
        ready(); wait()
        connection.execute("COMMIT")
        ready(); wait()
        """

    @Test("a writer that goes is waited for, and what it wrote is seen")
    func waits() async throws {
        let file = try TestDatabase(Self.sql)
        let store = file.store { $0.timeout = .seconds(3600) }
        let change = try await Self.change(store, "x")
        let other = try OtherProcess(file.path, Self.hold)
        #expect(try other.line() == "ready")
        let notices = Notices()
        let writing = Task {
            try await store.writing(notify: notices.notify) { writer in
                try await writer.write(
                    [change],
                    decide: { _, records in
                        #expect(records[0].values.contains(.text("theirs")))
                        return false
                    },
                    journal: { _ in }
                )
            }
        }
        await notices.first()
        try other.go()
        #expect(try other.line() == "ready")
        #expect(try await writing.value == [.skipped])
    }

    @Test("a writer that stays is an error after the timeout, and nothing is written")
    func locked() async throws {
        let file = try TestDatabase(Self.sql)
        let store = file.store { $0.timeout = .milliseconds(120) }
        let change = try await Self.change(store, "x")
        let other = try OtherProcess(file.path, Self.hold)
        #expect(try other.line() == "ready")
        let error = await #expect(throws: StoreError.self) {
            _ = try await store.writing { try await $0.writeAll([change]) }
        }
        #expect(error?.code == .locked)
        #expect(error?.isRetryable == true)
    }

    /// In rollback mode a reader keeps the commit from the file.
    @Test("a reader that stays until the timeout keeps the batch from being written")
    func heldUpCommit() async throws {
        let file = try TestDatabase(Self.sql)
        let store = file.store { $0.timeout = .milliseconds(300) }
        let change = try await Self.change(store, "x")
        let start = try Dump(file.path)
        let reader = try OtherProcess(
            file.path,
            """
            connection.execute("BEGIN"); connection.execute("SELECT * FROM contacts_master").fetchall()
            ready(); wait()
            connection.execute("COMMIT")
            ready(); wait()
            """
        )
        #expect(try reader.line() == "ready")
        try await store.writing { writer async throws in
            let error = await #expect(throws: StoreError.self) { _ = try await writer.writeAll([change]) }
            #expect(error?.code == .locked)
            #expect(try Dump(file.path) == start)
            try reader.go()
            #expect(try reader.line() == "ready")
            #expect(try await writer.writeAll([change]).count == 1)
        }
        #expect(try Dump(file.path) != start)
    }

    @Test(
        "a file that may not grow is full, nothing of the batch is written, and the writer goes on",
        arguments: ["DELETE", "WAL"]
    )
    func full(mode: String) async throws {
        let file = try TestDatabase("PRAGMA journal_mode = \(mode);" + Self.sql)
        let store = file.store()
        let start = try Dump(file.path)
        let small = try await Self.change(store, "x")
        let large = try await Self.change(store, String(repeating: "y", count: 200_000), row: 2)
        try await store.writing { writer async throws in
            let sqlite = try #require(writer as? SQLiteWriter)
            try execute("PRAGMA max_page_count = 1", sqlite)
            let error = await #expect(throws: StoreError.self) { _ = try await writer.writeAll([small, large]) }
            #expect(error?.code == .full)
            #expect(error?.message.contains("there is no room for what is to be written to \(file.path)") == true)
            #expect(try Dump(file.path) == start)
            #expect(try await writer.writeAll([small]).count == 1)
        }
        #expect(try await store.read().values("first_name") == [.text("x"), .text("b")])
    }

    /// On the writer's own connection.
    private func execute(_ sql: String, _ writer: SQLiteWriter) throws {
        try writer.connection.writeWithoutTransaction { try $0.execute(sql: sql) }
    }

    @Test("a schema that changes between two batches is not written on")
    func otherSchema() async throws {
        let file = try TestDatabase(Self.sql)
        let store = file.store()
        let change = try await Self.change(store, "x")
        try await store.writing { writer async throws in
            #expect(try OtherProcess.execute("ALTER TABLE contacts_master ADD COLUMN nickname", file.path) == "done")
            let error = await #expect(throws: StoreError.self) { _ = try await writer.writeAll([change]) }
            #expect(error?.code == .changing)
            #expect(error?.isRetryable == true)
        }
        #expect(try await store.read().values("first_name") == [.text("a"), .text("b")])
    }

    /// Nothing is read-only to root: these processes give up its rights.
    @Test("a file that may not be written is said to be read-only")
    func readOnlyFile() async {
        await #expect(processExitsWith: .success) {
            let words = try await Self.openingError(file: 0o444, folder: 0o755)
            #expect(words == "may not be written. Check its permissions.")
        }
    }

    @Test("a folder in which no journal can be made is said to be read-only")
    func readOnlyFolder() async {
        await #expect(processExitsWith: .success) {
            let words = try await Self.openingError(file: 0o644, folder: 0o555)
            #expect(
                words
                    == "cannot be written, since SQLite may make no journal in its folder. Check the folder's permissions."
            )
        }
    }

    /// What is said of a file under these permissions, behind its path; this process has no rights afterwards.
    private static func openingError(file fileMode: mode_t, folder folderMode: mode_t) async throws -> String? {
        let file = try TestDatabase(sql)
        if geteuid() == 0 {
            for path in [file.folder, file.path] { try #require(chown(path, 65534, 65534) == 0) }
            try #require(setgid(65534) == 0 && setuid(65534) == 0)
        }
        try #require(chmod(file.path, fileMode) == 0 && chmod(file.folder, folderMode) == 0)
        defer { chmod(file.folder, 0o755) }
        do {
            await (try file.store().openForWriting { _ in }).close()
            return nil
        } catch let error as StoreError {
            try #require(error.code == .readOnly)
            return String(error.message.dropFirst(file.path.count + 1))
        }
    }

    @Test("a file that becomes read-only says so, and nothing is written")
    func readOnlyMeanwhile() async throws {
        let file = try TestDatabase(Self.sql)
        let store = file.store()
        let change = try await Self.change(store, "x")
        let start = try Dump(file.path)
        try await store.writing { writer async throws in
            let sqlite = try #require(writer as? SQLiteWriter)
            try execute("PRAGMA query_only = 1", sqlite)
            let error = await #expect(throws: StoreError.self) { _ = try await writer.writeAll([change]) }
            #expect(error?.code == .readOnly)
            #expect(try Dump(file.path) == start)
        }
    }
}
