import GRDB
import Stores

/// What a table holds, without its values.
package struct TableContents: Sendable, Hashable {
    /// How many rows.
    package let rows: Int
    /// Of all rows with the types of their values, whatever the order of the rows. It means something in this process only.
    package let digest: Int
}

extension SampleStores {
    /// What every table of every store holds, by `store.table`. Two answers are equal where each table has the same rows.
    ///
    /// - Throws: `DatabaseError`.
    package func contents() throws -> [String: TableContents] {
        var contents: [String: TableContents] = [:]
        for name in Self.names {
            guard let path = settings(for: name)?.path else { continue }
            var configuration = Configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { database in
                for table in try Self.tables(database) {
                    contents["\(name).\(table)"] = try Self.contents(of: table, database)
                }
            }
            try queue.close()
        }
        return contents
    }

    private static func tables(_ database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
    }

    private static func contents(of table: String, _ database: Database) throws -> TableContents {
        let columns = try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
        // Text goes through hex, so that bytes that are no UTF-8 count; a number's own text tells its type.
        let texts = columns.map(\.quotedDatabaseIdentifier)
            .map { column in
                "CASE typeof(\(column)) WHEN 'text' THEN 't' || hex(\(column)) WHEN 'blob' THEN 'b' || hex(\(column))"
                    + " ELSE quote(\(column)) END"
            }
        let row = texts.joined(separator: " || ',' || ")
        var hasher = Hasher()
        var count = 0
        let rows = try String.fetchCursor(
            database,
            sql: "SELECT \(row) FROM \(table.quotedDatabaseIdentifier) ORDER BY 1"
        )
        while let text = try rows.next() {
            hasher.combine(text)
            count += 1
        }
        return TableContents(rows: count, digest: hasher.finalize())
    }
}
