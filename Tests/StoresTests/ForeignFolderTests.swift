import Contacts
import Foundation
import Stores
import Testing

/// A database in rollback mode in a folder that this process may not write, and its application may: that nobody can
/// write there may not be concluded. Each test reads in a process of its own, which gives up root's rights.
@Suite(.enabled(if: geteuid() == 0, "only root can be the application that may write"))
struct ForeignFolderTests {
    private static let sql = """
        CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT, notes TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
            INSERT INTO contacts_master SELECT i, 'old', hex(zeroblob(200)) FROM n;
        """

    /// The writer's pages are half in the file, half in its memory.
    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func aFileIsNotCopiedWhileItIsWritten(snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.sql)
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
        await #expect(processExitsWith: .success) {
            [path = file.path as String, snapshot = snapshot.rawValue as String] in
            try becomeNobody()
            let store = try store(path, #require(.init(rawValue: snapshot)))
            #expect(try await store.failure()?.code == .locked)
        }
    }

    @Test(arguments: SQLiteStoreSettings.Snapshot.allCases)
    func anotherSessionLeavesTheLocksOfTheFirst(snapshot: SQLiteStoreSettings.Snapshot) async throws {
        let file = try TestDatabase(Self.sql)
        await #expect(processExitsWith: .success) {
            [path = file.path as String, snapshot = snapshot.rawValue as String] in
            let writer = try OtherProcess(
                path,
                """
                wait()
                try:
                    connection.execute("UPDATE contacts_master SET first_name = 'new'")
                    ready("done")
                except sqlite3.Error as error:
                    ready(str(error))
                """
            )
            try becomeNobody()
            try await store(path, .transaction)
                .session { session in
                    let other = try await store(path, #require(.init(rawValue: snapshot))).read()
                    #expect(other.values("first_name") == Array(repeating: .text("old"), count: 2000))
                    try writer.go()
                    #expect(try writer.line() == "database is locked")
                }
        }
    }
}

private func becomeNobody() throws {
    try #require(setgid(65534) == 0)
    try #require(setuid(65534) == 0)
}

private func store(_ path: String, _ snapshot: SQLiteStoreSettings.Snapshot) -> SQLiteStore {
    var settings = SQLiteStoreSettings(path: path)
    settings.snapshot = snapshot
    settings.timeout = .milliseconds(100)
    let scratch = FileManager.default.temporaryDirectory.path + "/rollcall-nobody"
    return SQLiteStore(name: "local", settings: settings, schema: .standard, scratch: scratch)
}
