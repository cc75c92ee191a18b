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

    /// Where a field's value comes from.
    enum Source: Sendable, Hashable {
        case column(Int)
        /// The child table's rows of this `identifier_type`.
        case child(String)
    }

    private(set) var layout: StoreLayout
    /// One for each field of the layout, in its order.
    private(set) var sources: [Source]
    /// The columns that are read, in the order of the SELECT.
    private(set) var columns: [String]
    let keyColumn: String
    let rowName: RowName
    let child: Child?
    /// Whether a record is found by its key without reading the table through.
    let isKeyIndexed: Bool
    /// Whether the key's column turns what is a number into one.
    let isKeyNumeric: Bool

    static let identifierTypes = [ContactSchema.Name.emails: "email", ContactSchema.Name.phones: "phone"]
    private static let alternatives = [ContactSchema.Name.emails: "email", ContactSchema.Name.phones: "phone"]
    private static let metadataColumn = "sync_metadata"

    init(store: SQLiteStore, database: Database) throws {
        let catalog = try SQLiteCatalog(table: store.settings.table, store: store, database: database)
        child = try Self.child(store, database)
        var builder = Builder(store: store, catalog: catalog, hasChild: child != nil)
        for field in store.schema.fields { builder.add(field) }
        if let checksum = store.settings.checksum { try builder.addChecksum(checksum) }
        guard let keyIndex = builder.fields.firstIndex(where: { $0.field.name == ContactSchema.Name.key }),
            case .column(let keyPosition) = builder.sources[keyIndex]
        else {
            throw store.error(
                .noKey,
                "open",
                "table \(store.settings.table) has no column \(Self.keyColumnName(store))."
                    + " Name the key's column in stores.\(store.name).fields.\(ContactSchema.Name.key)."
            )
        }
        layout = builder.layout(child: child)
        sources = builder.sources
        columns = builder.columns
        keyColumn = builder.columns[keyPosition]
        rowName = catalog.rowName(keyColumn: keyColumn)
        isKeyIndexed = try catalog.isIndexed(keyColumn, database)
        isKeyNumeric = catalog.isNumeric(keyColumn)
    }

    /// The column that should hold the key.
    private static func keyColumnName(_ store: SQLiteStore) -> String {
        if case .held(let held) = store.settings.fields[ContactSchema.Name.key], let column = held.column {
            return column
        }
        return ContactSchema.Name.key
    }

    private static func child(_ store: SQLiteStore, _ database: Database) throws -> Child? {
        let table: String
        let isRequired: Bool
        switch store.settings.identifiers {
        case .none: return nil
        case .automatic: (table, isRequired) = ("contact_identifiers", false)
        case .table(let name): (table, isRequired) = (name, true)
        }
        let columns = try SQLiteCatalog.columns(of: table, database).map { $0.name.lowercased() }
        guard !columns.isEmpty else {
            guard isRequired else { return nil }
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

    /// Resolves fields to columns one after another.
    private struct Builder {
        let store: SQLiteStore
        let catalog: SQLiteCatalog
        let hasChild: Bool
        var fields: [FieldMapping] = []
        var sources: [Source] = []
        var columns: [String] = []
        private var missing: [String] = []
        private var notCompared: [NotCompared] = []

        init(store: SQLiteStore, catalog: SQLiteCatalog, hasChild: Bool) {
            self.store = store
            self.catalog = catalog
            self.hasChild = hasChild
        }

        mutating func add(_ field: FieldDefinition) {
            let override = store.settings.fields[field.name]
            if override == .notHeld {
                return notCompared.append(NotCompared(field: field.name, reason: "the store does not hold it (null)"))
            }
            var held = FieldOverride.Held()
            if case .held(let given) = override { held = given }
            var mapping = FieldMapping(field, held)
            if held.column == nil, hasChild, let type = identifierTypes[field.name] {
                return append(mapping, .child(type))
            }
            if let column = catalog.column(held.column ?? field.name) {
                return append(mapping, .column(position(of: column)))
            }
            if held.column == nil, let other = alternatives[field.name].flatMap(catalog.column) {
                return append(mapping, .column(position(of: other)))
            }
            if held.column == nil, field.group == "sync metadata", let column = catalog.column(metadataColumn) {
                mapping.path = [field.name]
                return append(mapping, .column(position(of: column)))
            }
            switch field.role {
            case .compared: missing.append(field.name)
            case .metadata: break
            }
            notCompared.append(
                NotCompared(field: field.name, reason: "there is no column \(held.column ?? field.name)")
            )
        }

        /// The column that holds the row's checksum.
        mutating func addChecksum(_ name: String) throws {
            guard let column = catalog.column(name) else {
                throw store.error(
                    .badMapping,
                    "open",
                    "table \(store.settings.table) has no column \(name). Check stores.\(store.name).checksum."
                )
            }
            let field = FieldDefinition(ContactSchema.Name.checksum, .text, group: "checksum", role: .metadata)
            append(FieldMapping(field), .column(position(of: column)))
        }

        private mutating func append(_ mapping: FieldMapping, _ source: Source) {
            var mapping = mapping
            if case .column(let index) = source { mapping.column = columns[index] }
            fields.append(mapping)
            sources.append(source)
        }

        private mutating func position(of column: String) -> Int {
            if let index = columns.firstIndex(of: column) { return index }
            columns.append(column)
            return columns.count - 1
        }

        /// Compared fields first, whatever order extra fields gave them.
        mutating func layout(child: Child?) -> StoreLayout {
            let order =
                fields.indices.filter { fields[$0].field.role == .compared }
                + fields.indices.filter { fields[$0].field.role != .compared }
            fields = order.map { fields[$0] }
            sources = order.map { sources[$0] }
            for mapping in fields where mapping.field.role == .metadata {
                let isChecksum = mapping.field.name == ContactSchema.Name.checksum
                notCompared.append(
                    NotCompared(
                        field: isChecksum ? store.settings.checksum ?? "" : mapping.field.name,
                        reason: isChecksum
                            ? "it holds the row's checksum" : "it drives conflicts, it is not compared"
                    )
                )
            }
            let read = Set(columns)
            for column in catalog.columns where !read.contains(column.name) {
                notCompared.append(NotCompared(field: column.name, reason: "no field reads this column"))
            }
            if let child {
                notCompared.append(
                    NotCompared(field: child.table, reason: "only values of emails and phones are compared")
                )
            }
            return StoreLayout(fields: fields, columns: catalog.columns, missing: missing, notCompared: notCompared)
        }
    }
}
