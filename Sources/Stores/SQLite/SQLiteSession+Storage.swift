package import Contacts
import GRDB

extension SQLiteSession {
    /// Asks SQLite: `integrity_check`, which reads the whole file, and `foreign_key_check`.
    package func checkStorage() async throws -> StorageCheck? {
        try read(0, "scan") { database in
            let limit = StorageCheck.maximumProblems
            let integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check(\(limit))").filter { $0 != "ok" }
            var problems = integrity
            let keys = try Row.fetchCursor(database, sql: "PRAGMA foreign_key_check")
            while problems.count < limit, let row = try keys.next() {
                let table: String = row[0]
                let parent: String = row[2]
                let place = (row[1] as Int64?).map { "row \($0) of \(table)" } ?? "a row of \(table)"
                problems.append("\(place) refers to a row of \(parent) that does not exist")
            }
            return StorageCheck(problems: problems)
        }
    }
}
