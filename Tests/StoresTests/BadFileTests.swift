import Contacts
import Foundation
import Stores
import Testing

/// What cannot be read ends in one error that says what to do, holds no value, and leaves nothing behind.
@Suite struct BadFileTests {
    /// In every row of the files below, and in no message.
    private static let secret = "Zebulon-4711"

    private func contacts(rows: Int = 3000) throws -> TestDatabase {
        try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT, notes TEXT);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
                INSERT INTO contacts_master SELECT i, '\(Self.secret)', hex(zeroblob(100)) FROM n;
            """
        )
    }

    private func expect(
        _ code: StoreError.Code,
        _ file: TestDatabase,
        saying words: String,
        operation: String = "open",
        _ adjust: @Sendable (inout SQLiteStoreSettings) -> Void = { _ in },
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for snapshot in SQLiteStoreSettings.Snapshot.allCases {
            let store = file.store { settings in
                adjust(&settings)
                settings.snapshot = snapshot
            }
            let error = try await store.failure()
            #expect(error?.code == code, "\(snapshot): \(error?.message ?? "-")", sourceLocation: sourceLocation)
            if snapshot == .transaction { #expect(error?.operation == operation, sourceLocation: sourceLocation) }
            #expect(error?.store == "local", sourceLocation: sourceLocation)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "-")", sourceLocation: sourceLocation)
            #expect(error?.message.contains(Self.secret) == false, sourceLocation: sourceLocation)
            #expect(file.copies() == [], sourceLocation: sourceLocation)
        }
    }

    @Test func aMissingFile() async throws {
        let file = try TestDatabase()
        try await expect(.missing, file, saying: "there is no file \(file.path). Check stores.local.path.")
        #expect(try FileManager.default.contentsOfDirectory(atPath: file.folder).filter { $0 != "scratch" } == [])
    }

    @Test func aFolder() async throws {
        let file = try TestDatabase()
        try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: false)
        try await expect(.missing, file, saying: "there is no file")
    }

    @Test(arguments: [1, 19, 20, 99, 100, 512, 5000])
    func whatIsNoDatabase(size: Int) async throws {
        let file = try TestDatabase()
        try file.write(Array(repeating: 0x41, count: size))
        try await expect(.notADatabase, file, saying: "is not a SQLite database")
    }

    /// Bytes without a header, as SQLCipher writes them.
    @Test func anEncryptedFile() async throws {
        let file = try TestDatabase()
        // A multiplier that gives every byte, in no visible order.
        try file.write((0..<8192).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) })
        try await expect(.notADatabase, file, saying: "an encrypted file cannot be read")
    }

    @Test func anEmptyFileHasNoTable() async throws {
        let file = try TestDatabase()
        try file.write([])
        try await expect(.noTable, file, saying: "it has no tables.")
    }

    /// Cut at a page's border, and within a page.
    @Test(arguments: [0, 1000, -4095, 4095])
    func aTruncatedDatabase(more: Int) async throws {
        let file = try contacts()
        let bytes = try file.bytes()
        let half = bytes.count / 2 / 4096 * 4096
        try file.write(Array(bytes[..<(half + more)]))
        try await expect(.damaged, file, saying: "is damaged")
    }

    @Test(arguments: [100, 512, 2000, 4095])
    func aDatabaseCutInItsFirstPage(size: Int) async throws {
        let file = try contacts()
        try file.write(Array(try file.bytes()[..<size]))
        let error = try await file.store().failure()
        #expect(error?.code == .damaged || error?.code == .notADatabase, "\(error?.message ?? "-")")
        #expect(file.copies() == [])
    }

    /// Pages of the table that hold anything, found while scanning.
    @Test(arguments: [UInt8(0), 0xFF, 0x0D])
    func aDatabaseWithBadPages(filler: UInt8) async throws {
        let file = try contacts()
        var bytes = try file.bytes()
        for index in (40 * 4096)..<(60 * 4096) { bytes[index] = filler }
        try file.write(bytes)
        try await expect(.damaged, file, saying: "PRAGMA integrity_check", operation: "scan")
    }

    @Test func aBrokenSchema() async throws {
        let file = try contacts()
        try file.execute(
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = 'CREATE TABLE contacts_master (((' WHERE name = 'contacts_master';
            """
        )
        try await expect(.damaged, file, saying: "is damaged")
    }

    @Test func aTableThatIsNotThere() async throws {
        let file = try TestDatabase("CREATE TABLE b (i); CREATE VIEW a AS SELECT 1; CREATE INDEX c ON b (i)")
        try await expect(
            .noTable,
            file,
            saying: "there is no table contacts_master in \(file.path). Set stores.local.table; it has a, b."
        )
    }

    @Test func aTableWithoutAKey() async throws {
        let file = try TestDatabase("CREATE TABLE contacts_master (id INTEGER PRIMARY KEY, first_name TEXT)")
        try await expect(
            .noKey,
            file,
            saying: "table contacts_master has no column contact_id."
                + " Name the key's column in stores.local.fields.contact_id."
        )
        try await expect(.noKey, file, saying: "no column") { $0.tables.fields["contact_id"] = .notHeld }
        try await expect(.noKey, file, saying: "no column nowhere") {
            $0.tables.fields["contact_id"] = .held(.init(column: "nowhere"))
        }
    }

    @Test func aViewOfATableThatIsGone() async throws {
        let file = try TestDatabase(
            "CREATE TABLE b (contact_id); CREATE VIEW contacts_master AS SELECT * FROM b; DROP TABLE b"
        )
        try await expect(.input, file, saying: "could not be read")
    }

    /// A copy that cannot be made is an error of the store like another.
    @Test func aScratchFolderThatCannotBeMade() async throws {
        let file = try contacts(rows: 1)
        #expect(FileManager.default.createFile(atPath: file.scratch, contents: Data()))
        let error = try await file.store { $0.snapshot = .copy }.failure()
        #expect(error?.code == .input)
        #expect(error?.message.contains("copy") == true)
        #expect(try await file.store().read().records.count == 1)
    }

    @Test func anEmptyTableIsReadToItsEnd() async throws {
        let file = try contacts(rows: 1)
        try file.execute("DELETE FROM contacts_master")
        let reading = try await file.store().read()
        #expect(reading.records == [])
        #expect(reading.proof.rows == 0)
    }
}
