import Contacts
import GRDB

/// A table that is written: its columns as they are stored, how its rows are named, and what SQLite does by itself when it
/// is written.
struct SQLiteTable: Sendable {
    /// A column that is stored; generated ones are not.
    struct Column: Sendable, Hashable {
        let name: String
        let affinity: SQLiteAffinity
        /// Whether it takes no NULL.
        let isRequired: Bool
    }

    let name: String
    /// In the table's order.
    let columns: [Column]
    /// The places in `columns`, by name.
    let places: [String: Int]
    let rowName: SQLiteLayout.RowName
    /// The column that is the row number itself (INTEGER PRIMARY KEY).
    let rowNumberColumn: Int?
    /// The columns that name a row where it has no number; a place each.
    let nameColumns: [Int]
    /// Whether a statement may do more than its own row, or leave it as it is.
    let hasTriggers: Bool
    /// Foreign keys of other tables by which SQLite would change those when a row here is.
    let followers: [Follower]
    /// Stands in statements behind their verb. The table may say of a constraint that SQLite takes away other rows, or
    /// passes over ours, where it is not met; a statement that names what is to happen has its way.
    let onConflict: String

    /// A foreign key of another table, or of this one, whose rows SQLite changes along with the row that they refer to.
    struct Follower: Sendable, Hashable {
        let table: String
        /// The columns of that table, and the place here of what each refers to.
        let columns: [String]
        let places: [Int]
        let followsDeletes: Bool
        let followsUpdates: Bool
    }

    /// What the schema says of a table.
    ///
    /// - Throws: `StoreError` where it is no table whose rows can be written one by one.
    init(_ name: String, keyColumn: String, store: SQLiteStore, _ database: Database) throws {
        let listed = try Row.fetchOne(
            database,
            sql:
                "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?)",
            arguments: [name]
        )
        let kind: String = listed?["type"] ?? "nothing"
        guard kind == "table" else {
            throw store.error(
                .readOnly,
                "open",
                "\(name) in \(store.settings.path) is a \(kind), whose rows cannot be written as they are read. Set"
                    + " stores.\(store.name).table to the table behind it."
            )
        }
        self.name = listed?["name"] ?? name
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid",
            arguments: [name]
        )
        let isStrict = listed?["strict"] == 1
        columns = rows.map { row in
            let type: String = row["type"] ?? ""
            return Column(
                name: row["name"] ?? "",
                affinity: SQLiteAffinity(type: type.uppercased(), isStrict: isStrict),
                isRequired: row["notnull"] == 1
            )
        }
        let names = columns.map(\.name)
        places = Dictionary(zip(names, names.indices)) { first, _ in first }
        let key = rows.indices.filter { rows[$0]["pk"] as Int? ?? 0 > 0 }
            .sorted { rows[$0]["pk"] as Int? ?? 0 < rows[$1]["pk"] as Int? ?? 0 }
        let alias = try SQLiteCatalog.rowNumberAlias(
            of: name,
            columns: try SQLiteCatalog.columns(of: name, database).map { $0.name.lowercased() },
            database
        )
        if let alias {
            rowName = .rowNumber(alias)
            nameColumns = []
        } else {
            nameColumns = key.isEmpty ? places[keyColumn].map { [$0] } ?? [] : key
            rowName = .columns(nameColumns.map { names[$0] })
        }
        // A primary key that is no row number has an index of its own.
        let hasKeyIndex =
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM pragma_index_list(?) WHERE origin = 'pk'",
                arguments: [name]
            ) ?? 0 > 0
        rowNumberColumn = key.count == 1 && !hasKeyIndex && listed?["wr"] == 0 ? key[0] : nil
        hasTriggers =
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?)",
                arguments: [name]
            ) ?? 0 > 0
        followers = try Self.followers(of: name, places, key: key, database)
        let sql: String =
            try String.fetchOne(
                database,
                sql: "SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?)",
                arguments: [name]
            ) ?? ""
        onConflict = sql.uppercased().contains(/\bON\s+CONFLICT\b/) ? " OR ABORT" : ""
    }

    /// The foreign keys that refer to a table and make SQLite change other rows.
    private static func followers(
        of table: String,
        _ places: [String: Int],
        key: [Int],
        _ database: Database
    ) throws -> [Follower] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT list.name AS child, key.id AS id, key."from" AS source, key."to" AS target,
                    key.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT') AS deletes,
                    key.on_update IN ('CASCADE', 'SET NULL', 'SET DEFAULT') AS updates
                FROM pragma_table_list AS list, pragma_foreign_key_list(list.name) AS key
                WHERE list.schema = 'main' AND list.type = 'table' AND lower(key."table") = lower(?)
                ORDER BY list.name, key.id, key.seq
                """,
            arguments: [table]
        )
        let lowercased = Dictionary(places.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        let groups = Dictionary(grouping: rows) { row in "\(row["id"] as Int? ?? 0) \(row["child"] as String? ?? "")" }
        return groups.sorted { $0.key < $1.key }
            .compactMap { _, rows in
                let targets = rows.enumerated()
                    .compactMap { index, row in
                        // One that names no column refers to the primary key.
                        (row["target"] as String?).map { lowercased[$0.lowercased()] } ?? key.dropFirst(index).first
                    }
                guard targets.count == rows.count, let first = rows.first,
                    first["deletes"] == true || first["updates"] == true
                else { return nil }
                return Follower(
                    table: first["child"] ?? "",
                    columns: rows.map { $0["source"] ?? "" },
                    places: targets,
                    followsDeletes: first["deletes"] ?? false,
                    followsUpdates: first["updates"] ?? false
                )
            }
    }
}
