import Contacts
import GRDB

/// What SQLite says of the contact table: its columns, its keys and how its rows are named.
struct SQLiteCatalog {
    private let table: String
    let columns: [StoreColumn]
    /// The alias of the row number; nil for views and tables WITHOUT ROWID.
    private let rowNumber: String?
    private let primaryKey: [String]

    init(table: String, store: SQLiteStore, database: Database) throws {
        self.table = table
        columns = try Self.columns(of: table, database)
        guard !columns.isEmpty else {
            let tables = try String.fetchAll(
                database,
                sql:
                    "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name LIMIT 10"
            )
            throw store.error(
                .noTable,
                "open",
                "there is no table \(table) in \(store.settings.path). Set stores.\(store.name).table; it has "
                    + (tables.isEmpty ? "no tables." : tables.joined(separator: ", ") + ".")
            )
        }
        rowNumber = try Self.rowNumberAlias(of: table, columns: columns.map { $0.name.lowercased() }, database)
        primaryKey = try String.fetchAll(
            database,
            sql: "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk",
            arguments: [table]
        )
    }

    /// A table's columns in its order; none where there is no such table. Hidden columns are left out, generated ones
    /// are not.
    static func columns(of table: String, _ database: Database) throws -> [StoreColumn] {
        try Row.fetchAll(
            database,
            sql: "SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid",
            arguments: [table]
        )
        .map { row in
            let type: String = row["type"] ?? ""
            return StoreColumn(name: row["name"] ?? "", type: type.uppercased())
        }
    }

    /// An alias of a table's row number that no column hides; nil for views and tables WITHOUT ROWID.
    ///
    /// - Parameter columns: the table's columns, in lower case.
    static func rowNumberAlias(of table: String, columns: [String], _ database: Database) throws -> String? {
        let kind = try Row.fetchOne(
            database,
            sql: "SELECT type, wr FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?)",
            arguments: [table]
        )
        guard kind?["type"] == "table", kind?["wr"] == 0 else { return nil }
        return ["rowid", "_rowid_", "oid"].first { !columns.contains($0) }
    }

    /// Whether a column's declared type makes SQLite store a text that is a number as that number
    /// (https://www.sqlite.org/datatype3.html, 3.1). Types that it takes for numeric but that a STRICT table does not are
    /// left out.
    func isNumeric(_ column: String) -> Bool {
        guard let type = columns.first(where: { $0.name == column })?.type else { return false }
        if type.contains("INT") { return true }
        return !["CHAR", "CLOB", "TEXT", "BLOB", "ANY"].contains { type.contains($0) }
            && ["REAL", "FLOA", "DOUB", "NUMERIC", "DECIMAL", "NUMBER"].contains { type.contains($0) }
    }

    func rowName(keyColumn: String) -> SQLiteLayout.RowName {
        if let rowNumber { return .rowNumber(rowNumber) }
        return .columns(primaryKey.isEmpty ? [keyColumn] : primaryKey)
    }

    /// Whether a row is found by that column without reading the table through.
    func isIndexed(_ column: String, _ database: Database) throws -> Bool {
        if primaryKey.first == column { return true }
        return try Self.isIndexed(column, in: table, database)
    }

    /// Whether the column is the first of an index that covers every row.
    static func isIndexed(_ column: String, in table: String, _ database: Database) throws -> Bool {
        let count = try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) FROM pragma_index_list(?1) AS list, pragma_index_info(list.name) AS info
                WHERE list.partial = 0 AND info.seqno = 0 AND lower(info.name) = lower(?2)
                """,
            arguments: [table, column]
        )
        let rowKey = try Int.fetchOne(
            database,
            sql: "SELECT count(*) FROM pragma_table_info(?1) WHERE pk = 1 AND lower(name) = lower(?2)",
            arguments: [table, column]
        )
        return (count ?? 0) > 0 || (rowKey ?? 0) > 0
    }
}
