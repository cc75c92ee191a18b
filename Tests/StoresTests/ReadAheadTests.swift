import Foundation
import GRDB
import Testing

@testable import Stores

/// What is read ahead is what stands in the file.
@Suite struct ReadAheadTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "rollcall-read-ahead-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    private func writer(_ name: String = "a.db", pageSize: Int = 4096, journal: String) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: "\(folder)/\(name)")
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA page_size = \(pageSize)")
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = \(journal)")
            try database.execute(
                sql: """
                    CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT);
                    INSERT INTO rows
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
                    SELECT i, hex(randomblob(CASE WHEN i % 500 = 0 THEN 20000 ELSE i % 90 END)) FROM n
                    """
            )
        }
        return queue
    }

    private func reader(_ name: String = "a.db") throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        let path = ReadAhead.uri(of: "\(folder)/\(name)")
        try #require(path.hasPrefix("file:") && path.contains("vfs="), "SQLite does not read file names as URIs")
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static let all = "SELECT id || text FROM rows"

    @Test(arguments: [512, 4096, 65_536], ["wal", "delete"])
    func `a table is read as it stands, in order and out of order`(pageSize: Int, journal: String) throws {
        defer { remove() }
        let writer = try writer(pageSize: pageSize, journal: journal)
        let reader = try reader()
        for order in ["id", "id DESC", "id * 7919 % 5003"] {
            let sql = "\(Self.all) ORDER BY \(order)"
            let expected = try writer.read { try String.fetchAll($0, sql: sql) }
            #expect(expected.count == 5000)
            #expect(try reader.read { try String.fetchAll($0, sql: sql) } == expected)
        }
        #expect(try reader.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
    }

    @Test(arguments: ["wal", "delete"])
    func `a transaction sees what was committed before it, not what was read ahead in the last`(journal: String) throws
    {
        defer { remove() }
        let writer = try writer(journal: journal)
        let reader = try reader()
        for round in 1...5 {
            try writer.write { try $0.execute(sql: "UPDATE rows SET text = 'round \(round)' WHERE id % 3 = 0") }
            if journal == "wal", round.isMultiple(of: 2) {
                try writer.writeWithoutTransaction {
                    _ = try Row.fetchAll($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                }
            }
            let expected = try writer.read { try String.fetchAll($0, sql: Self.all) }
            #expect(try reader.read { try String.fetchAll($0, sql: Self.all) } == expected, "round \(round)")
        }
    }

    @Test func `a transaction goes on seeing its own state while others write and move their pages`() throws {
        defer { remove() }
        let writer = try writer(journal: "wal")
        let reader = try reader()
        let before = try writer.read { try String.fetchAll($0, sql: Self.all) }
        let seen = try reader.read { database -> [String] in
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
            try writer.write { try $0.execute(sql: "UPDATE rows SET text = 'new'") }
            try writer.writeWithoutTransaction { _ = try Row.fetchAll($0, sql: "PRAGMA wal_checkpoint(PASSIVE)") }
            return try String.fetchAll(database, sql: Self.all)
        }
        #expect(seen == before)
        #expect(try reader.read { try String.fetchOne($0, sql: "SELECT min(text) FROM rows") } == "new")
    }

    @Test(arguments: ["with space.db", "what?.db", "50%.db", "a#b.db", "ä&b=c.db"])
    func `any file name is a path`(name: String) throws {
        defer { remove() }
        let writer = try writer(name, journal: "delete")
        let count = try reader(name).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM rows") }
        #expect(count == 5000)
        try writer.close()
    }

    @Test func `a file that ends too early is damaged, not shorter`() throws {
        defer { remove() }
        try writer(journal: "delete").close()
        let size = try #require(
            FileManager.default.attributesOfItem(atPath: "\(folder)/a.db")[.size] as? Int
        )
        truncate("\(folder)/a.db", off_t(size / 2))
        #expect(throws: DatabaseError.self) {
            try reader().read { try String.fetchAll($0, sql: Self.all) }
        }
    }
}
