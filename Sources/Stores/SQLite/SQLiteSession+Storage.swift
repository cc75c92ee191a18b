package import Contacts
import GRDB

extension SQLiteSession {
    /// Asks SQLite: `integrity_check`, which reads the whole file, and `foreign_key_check`.
    package func checkStorage() async throws -> StorageCheck? {
        try read(0, "scan") { database in
            let limit = StorageCheck.maximumProblems
            // Faults of pages come in one text, a line each, under a head that names the database.
            let problems = try String.fetchAll(database, sql: "PRAGMA integrity_check(\(limit))")
                .flatMap { $0.split(separator: "\n") }.map { String($0) }.filter { $0 != "ok" && !$0.hasPrefix("***") }
            return StorageCheck(
                problems: try Array((problems + references(database, limit - problems.count)).prefix(limit))
            )
        }
    }

    private func references(_ database: Database, _ limit: Int) throws -> [String] {
        var problems: [String] = []
        do {
            let keys = try Row.fetchCursor(database, sql: "PRAGMA foreign_key_check")
            while problems.count < limit, let row = try keys.next() {
                let table: String = row[0]
                let parent: String = row[2]
                let place = (row[1] as Int64?).map { "row \($0) of \(table)" } ?? "a row of \(table)"
                problems.append("\(place) refers to a row of \(parent) that does not exist")
            }
        } catch let error as DatabaseError where error.message?.hasPrefix("foreign key mismatch") == true {
            // A reference to a column that is not unique, which SQLite cannot follow; it names the tables.
            problems.append(error.message ?? "")
        }
        return problems
    }
}
