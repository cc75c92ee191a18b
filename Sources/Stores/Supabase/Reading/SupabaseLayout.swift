import Contacts

/// What a PostgREST store holds, and the columns from which its records are read.
struct SupabaseLayout: Sendable {
    /// The child table of identifiers.
    struct Child: Sendable {
        let table: PostgRESTTable
        let rowNames: RowNames
        let contact: PostgRESTColumn
        let type: PostgRESTColumn
        let value: PostgRESTColumn
        let primary: PostgRESTColumn?

        /// The columns that a reader needs.
        var needed: [PostgRESTColumn] {
            var columns = [contact, type, value] + (primary.map { [$0] } ?? [])
            for column in rowNames.columns where !columns.contains(column) { columns.append(column) }
            return columns
        }
    }

    let resolved: ColumnLayout
    let contacts: PostgRESTTable
    let rowNames: RowNames
    let child: Child?
    /// The columns that a reader needs: those that name rows, then those that fields are read from.
    let needed: [PostgRESTColumn]
    let key: PostgRESTColumn

    var layout: StoreLayout { resolved.layout }
    /// One for each field of the layout, in its order.
    var sources: [ColumnLayout.Source] { resolved.sources }
    /// The columns that sources are numbered by.
    var columns: [String] { resolved.columns }

    init(store: SupabaseStore, catalog: PostgRESTCatalog) async throws {
        let settings = store.settings.tables
        guard let contacts = try await catalog.table(settings.table) else {
            let names = catalog.names
            throw StoreError(
                .noTable,
                store: store.name,
                operation: "open",
                message: "there is no table \(store.settings.schema).\(settings.table). Set stores.\(store.name).table;"
                    + (names.isEmpty
                        ? " the key's role is shown none." : " the service shows \(names.joined(separator: ", ")).")
            )
        }
        self.contacts = contacts
        child = try await Self.child(store, catalog)
        resolved = try ColumnLayout(
            store: store.name,
            schema: store.schema,
            settings: settings,
            columns: contacts.columns.map(\.storeColumn),
            child: child?.table.name
        )
        let byName = Dictionary(contacts.columns.map { ($0.name, $0) }) { first, _ in first }
        rowNames = RowNames(contacts, others: [resolved.keyColumn])
        guard let key = byName[resolved.keyColumn] else { throw store.client.shape("open") }
        self.key = key
        var needed = rowNames.columns
        for column in resolved.columns.compactMap({ byName[$0] }) where !needed.contains(column) {
            needed.append(column)
        }
        self.needed = needed
    }

    private static func child(_ store: SupabaseStore, _ catalog: PostgRESTCatalog) async throws -> Child? {
        let identifiers = store.settings.tables.identifiers
        guard let name = identifiers.table else { return nil }
        func error(_ code: StoreError.Code, _ message: String) -> StoreError {
            StoreError(code, store: store.name, operation: "open", message: message)
        }
        guard let table = try await catalog.table(name) else {
            guard identifiers.isRequired else { return nil }
            throw error(
                .noTable,
                "there is no table \(name). Check stores.\(store.name).identifiers; null: there is none."
            )
        }
        func column(_ name: String) throws -> PostgRESTColumn {
            guard let column = table.column(name) else {
                throw error(.badMapping, "table \(table.name) has no column \(name).")
            }
            return column
        }
        let needed = ["contact_id", "identifier_type", "identifier_value"]
        return Child(
            table: table,
            rowNames: RowNames(table, others: needed),
            contact: try column(needed[0]),
            type: try column(needed[1]),
            value: try column(needed[2]),
            primary: table.column("is_primary")
        )
    }
}
