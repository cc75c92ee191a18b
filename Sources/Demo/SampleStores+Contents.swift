import GRDB

/// What a table holds, without its values.
package struct TableContents: Sendable, Hashable {
    /// How many rows.
    package let rows: Int
    /// Of all rows with the types of their values, whatever the order of the rows. It means something in this process only.
    package let digest: Int
    /// Of a table of which an undo cannot restore all: the digests of each contact's rows, by the contact's canonical key; nil
    /// for others.
    package let contacts: [String: Int]?

    init(rows: Int, digest: Int, contacts: [String: Int]? = nil) {
        self.rows = rows
        self.digest = digest
        self.contacts = contacts
    }
}

extension SampleStores {
    /// What every table of every store's file holds, by `store.table`. Two answers are equal where each table has the same
    /// rows; of people in Twenty what the server sets does not count.
    ///
    /// - Throws: `DatabaseError`.
    package func contents() throws -> [String: TableContents] {
        var contents: [String: TableContents] = [:]
        for shape in kind.shapes {
            var configuration = Configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path(of: shape), configuration: configuration)
            try queue.read { database in
                for table in try Self.tables(database) {
                    let isPeople = shape is TwentyShape && table == shape.table
                    contents["\(shape.name).\(table)"] =
                        try isPeople ? TwentyContents.of(table, database) : Self.contents(of: table, database)
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
