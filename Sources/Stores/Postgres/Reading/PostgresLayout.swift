import Contacts

/// What a Postgres store holds and the columns from which its records are read.
struct PostgresLayout: Sendable {
    /// The child table of identifiers.
    struct Child: Sendable {
        let catalog: PostgresCatalog
        /// SQL by which the rows of a contact keep their order; on its alias `i`.
        let order: String
        let contact: PostgresColumn
        let type: PostgresColumn
        let value: PostgresColumn
        let primary: PostgresColumn?
    }

    let catalog: PostgresCatalog
    let resolved: ColumnLayout
    let names: PostgresNames
    let child: Child?
    let key: PostgresColumn
    /// The columns that are read, in the order of the SELECT.
    let columns: [PostgresColumn]

    var layout: StoreLayout { resolved.layout }
    /// One for each field of the layout, in its order.
    var sources: [ColumnLayout.Source] { resolved.sources }

    /// - Throws: `StoreError`, or `PostgresFailure`.
    init(store: PostgresStore, _ link: PostgresLink) throws {
        let tables = store.settings.tables
        guard let catalog = try PostgresCatalog(table: tables.table, store: store, link) else {
            throw try Self.noTable(tables.table, store, link)
        }
        self.catalog = catalog
        child = try Self.child(store, link)
        let resolved = try ColumnLayout(
            store: store.name,
            schema: store.schema,
            settings: tables,
            columns: catalog.columns.map { StoreColumn(name: $0.name, type: $0.declared, isStrict: true) },
            child: child?.catalog.table
        )
        self.resolved = resolved
        columns = resolved.columns.compactMap(catalog.column)
        guard let key = catalog.column(resolved.keyColumn) else {
            throw store.error(.noKey, "open", "table \(catalog.table) has no column \(resolved.keyColumn).")
        }
        self.key = key
        names = PostgresNames(catalog, key: [key])
        try Self.checkReadable(catalog, columns + names.columns, store)
        if let child {
            try Self.checkReadable(
                child.catalog,
                [child.contact, child.type, child.value] + (child.primary.map { [$0] } ?? []),
                store
            )
        }
    }

    private static func child(_ store: PostgresStore, _ link: PostgresLink) throws -> Child? {
        let identifiers = store.settings.tables.identifiers
        guard let table = identifiers.table else { return nil }
        guard let catalog = try PostgresCatalog(table: table, store: store, link) else {
            guard identifiers.isRequired else { return nil }
            throw store.error(
                .noTable,
                "open",
                "there is no table \(table) in schema \(store.settings.schema). Check stores.\(store.name).identifiers;"
                    + " null: there is none."
            )
        }
        func column(_ name: String) -> PostgresColumn? { catalog.columns.first { $0.name.lowercased() == name } }
        func needed(_ name: String) throws -> PostgresColumn {
            if let column = column(name) { return column }
            throw store.error(.badMapping, "open", "table \(catalog.table) has no column \(name).")
        }
        let value = try needed("identifier_value")
        let order =
            catalog.uniqueKey.map { $0.map { "i.\(SQLName.quoted($0))" }.joined(separator: ", ") }
            ?? (catalog.hasPlaces ? "i.ctid" : value.selected("i."))
        return Child(
            catalog: catalog,
            order: order,
            contact: try needed("contact_id"),
            type: try needed("identifier_type"),
            value: value,
            primary: column("is_primary")
        )
    }

    private static func checkReadable(
        _ catalog: PostgresCatalog,
        _ columns: [PostgresColumn],
        _ store: PostgresStore
    ) throws(StoreError) {
        let denied = columns.filter { !$0.isReadable }.map(\.name)
        guard let first = denied.first else { return }
        let names = denied.count == 1 ? "column \(first)" : "columns \(denied.joined(separator: ", "))"
        throw store.error(
            .denied,
            "open",
            "the role of stores.\(store.name).dsn may not read \(names) of table \(catalog.table). Grant it (GRANT SELECT"
                + " ON …), or map the field to null in stores.\(store.name).fields."
        )
    }

    private static func noTable(_ table: String, _ store: PostgresStore, _ link: PostgresLink) throws -> StoreError {
        let schema = store.settings.schema
        guard let tables = try PostgresCatalog.tables(of: store, link) else {
            return store.error(.noTable, "open", "there is no schema \(schema). Check stores.\(store.name).schema.")
        }
        return store.error(
            .noTable,
            "open",
            "there is no table \(table) in schema \(schema). Set stores.\(store.name).table; it has "
                + (tables.isEmpty ? "no tables." : tables.joined(separator: ", ") + ".")
        )
    }
}
