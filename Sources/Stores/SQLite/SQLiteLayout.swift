import Contacts
import GRDB

/// What a SQLite store holds and the columns from which its records are read.
struct SQLiteLayout: Sendable {
    /// How a physical row is named and found again.
    enum RowName: Sendable, Hashable {
        /// By an alias of the row number that no column hides.
        case rowNumber(String)
        /// By the SQL literals of these columns: WITHOUT ROWID tables and views.
        case columns([String])
    }

    /// The child table of identifiers.
    struct Child: Sendable {
        let table: String
        let hasPrimary: Bool
        /// The alias of its row number, by which rows keep their stored order; nil where it has none.
        let rowName: String?
        /// Whether rows of one contact are found without reading the table through.
        let isIndexed: Bool
    }

    let resolved: ColumnLayout
    let rowName: RowName
    let child: Child?
    /// Whether a record is found by its key without reading the table through.
    let isKeyIndexed: Bool
    /// Whether the key's column turns what is a number into one.
    let isKeyNumeric: Bool

    var layout: StoreLayout { resolved.layout }
    /// One for each field of the layout, in its order.
    var sources: [ColumnLayout.Source] { resolved.sources }
    /// The columns that are read, in the order of the SELECT.
    var columns: [String] { resolved.columns }
    var keyColumn: String { resolved.keyColumn }

    init(store: SQLiteStore, database: Database) throws {
        let catalog = try SQLiteCatalog(table: store.settings.tables.table, store: store, database: database)
        child = try Self.child(store, database)
        resolved = try ColumnLayout(
            store: store.name,
            schema: store.schema,
            settings: store.settings.tables,
            columns: catalog.columns,
            child: child?.table
        )
        rowName = catalog.rowName(keyColumn: resolved.keyColumn)
        isKeyIndexed = try catalog.isIndexed(resolved.keyColumn, database)
        isKeyNumeric = catalog.isNumeric(resolved.keyColumn)
    }

    private static func child(_ store: SQLiteStore, _ database: Database) throws -> Child? {
        let identifiers = store.settings.tables.identifiers
        guard let table = identifiers.table else { return nil }
        let columns = try SQLiteCatalog.columns(of: table, database).map { $0.name.lowercased() }
        guard !columns.isEmpty else {
            guard identifiers.isRequired else { return nil }
            throw store.error(
                .noTable,
                "open",
                "there is no table \(table). Check stores.\(store.name).identifiers; null: there is none."
            )
        }
        for needed in ["contact_id", "identifier_type", "identifier_value"] where !columns.contains(needed) {
            throw store.error(.badMapping, "open", "table \(table) has no column \(needed).")
        }
        return Child(
            table: table,
            hasPrimary: columns.contains("is_primary"),
            rowName: try SQLiteCatalog.rowNumberAlias(of: table, columns: columns, database),
            isIndexed: try SQLiteCatalog.isIndexed("contact_id", in: table, database)
        )
    }
}
