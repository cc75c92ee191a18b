import Contacts
import Foundation
import Stores
import Testing

/// A WAL database in a folder that may not be written, where SQLite cannot make its -shm file. Each test runs in a
/// process of its own, which gives up root's rights: nothing is read-only to root.
@Suite struct ReadOnlyFolderTests {
    @Test func withoutAWALTheFileIsReadAsImmutable() async {
        await #expect(processExitsWith: .success) {
            for snapshot in SQLiteStoreSettings.Snapshot.allCases {
                let folder = try ReadOnlyFolder(leavingWAL: false)
                let before = try folder.file.state()
                let reading = try await folder.store(snapshot).read(portions: 2)
                #expect(reading.values("first_name") == [.text("a"), .text("b")])
                let words =
                    snapshot == .copy ? "copy of the file from its read-only folder" : "immutable in a read-only folder"
                #expect(reading.proof.statement.contains(words), "\(reading.proof.statement)")
                #expect(try folder.file.state() == before)
                #expect(try folder.left() == [])
            }
        }
    }

    @Test func changesInTheWALAreNotPassedOver() async {
        await #expect(processExitsWith: .success) {
            let folder = try ReadOnlyFolder(leavingWAL: true)
            let before = try folder.file.state()
            let error = try await folder.store(.transaction).failure()
            #expect(error?.code == .hotJournal)
            #expect(
                error?.message == "\(folder.file.path) has changes in its -wal file that cannot be read in a read-only"
                    + " folder. Set stores.local.snapshot to copy."
            )
            // The advice holds.
            let reading = try await folder.store(.copy).read()
            #expect(reading.values("first_name") == [.text("a"), .text("new"), .text("b")])
            #expect(try folder.file.state() == before)
            #expect(try folder.left() == [])
        }
    }

    @Test func aFileThatMayNotBeReadSaysSo() async {
        await #expect(processExitsWith: .success) {
            let folder = try ReadOnlyFolder(leavingWAL: false, mode: 0)
            let error = try await folder.store(.transaction).failure()
            #expect(error?.code == .missing)
            #expect(error?.message == "\(folder.file.path) may not be read. Check its permissions.")
        }
    }
}

/// A WAL database in a folder that this process may not write.
private final class ReadOnlyFolder {
    let file: TestDatabase
    private let scratch: String

    /// - Parameter leavingWAL: whether a row is in the -wal file only, and no -shm file is there.
    init(leavingWAL: Bool, mode: Int = 0o444) throws {
        let source = try TestDatabase(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT);
            INSERT INTO contacts_master (rowid, contact_id, first_name) VALUES (1, '1', 'a'), (90000, '3', 'b');
            """
        )
        file = try TestDatabase()
        if leavingWAL {
            let writer = try OtherProcess(
                source.path,
                """
                connection.execute("INSERT INTO contacts_master (rowid, first_name) VALUES (2, 'new')")
                ready(); wait()
                """
            )
            _ = try writer.line()
            writer.kill()
        }
        for suffix in leavingWAL ? ["", "-wal"] : [""] {
            try FileManager.default.copyItem(atPath: source.path + suffix, toPath: file.path + suffix)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path + suffix)
        }
        scratch = FileManager.default.temporaryDirectory.path + "/rollcall-scratch-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        if geteuid() == 0 {
            for path in [source.folder, scratch, file.folder, file.path] {
                try #require(chown(path, 65534, 65534) == 0)
            }
            try #require(setgid(65534) == 0)
            try #require(setuid(65534) == 0)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: file.folder)
        try #require(!FileManager.default.isWritableFile(atPath: file.folder))
    }

    /// Makes what is left removable.
    deinit {
        _ = try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.folder)
        _ = try? FileManager.default.removeItem(atPath: scratch)
    }

    func store(_ snapshot: SQLiteStoreSettings.Snapshot) -> SQLiteStore {
        var settings = SQLiteStoreSettings(path: file.path)
        settings.snapshot = snapshot
        return SQLiteStore(name: "local", settings: settings, schema: .standard, scratch: scratch)
    }

    func left() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: scratch) }
}
