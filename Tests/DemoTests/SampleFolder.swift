import Foundation
import GRDB

@testable import Demo

/// A folder of sample stores that goes when the test is over.
final class SampleFolder: Sendable {
    let stores: SampleStores

    init(contacts: Int, seed: UInt64, kind: SampleKind = .sqlite) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rollcall-\(UUID().uuidString)").path
        stores = try SampleStores.write(to: folder, contacts: contacts, seed: seed, kind: kind)
    }

    deinit {
        // What cannot be removed is the system's temporary folder to clear.
        _ = try? FileManager.default.removeItem(atPath: stores.folder)
    }

    /// Every row of every table of a store, in row order, as text.
    func dump(_ store: String) throws -> [String] {
        let queue = try DatabaseQueue(path: "\(stores.folder)/\(store).db")
        return try queue.read { database in
            let tables = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
            )
            return try tables.flatMap { table in
                try Row.fetchAll(database, sql: "SELECT rowid, * FROM \(table) ORDER BY rowid").map { "\(table) \($0)" }
            }
        }
    }

    func count(_ store: String, _ sql: String) throws -> Int {
        let queue = try DatabaseQueue(path: "\(stores.folder)/\(store).db")
        return try queue.read { try Int.fetchOne($0, sql: sql) ?? -1 }
    }
}
