import Contacts

/// What a BigQuery store holds and the columns from which its records are read.
struct BigQueryLayout: Sendable {
    /// The child table of identifiers, and where its columns are.
    struct Child: Sendable {
        let table: BigQueryTable
        let contact: BigQueryColumn
        let type: BigQueryColumn
        let value: BigQueryColumn
        let primary: BigQueryColumn?
    }

    let contacts: BigQueryTable
    let child: Child?
    let resolved: ColumnLayout
    let layout: StoreLayout
    /// The columns that are read, in the order of the SELECT.
    let columns: [BigQueryColumn]
    let key: BigQueryColumn

    /// One for each field of the layout, in its order.
    var sources: [ColumnLayout.Source] { resolved.sources }

    /// - Throws: `StoreError` where a table or column is missing that the store cannot do without.
    init(_ client: BigQueryClient) async throws {
        let store = client.store
        let tables = store.settings.tables
        guard let contacts = try await client.table(tables.table, "open") else {
            throw store.error(
                .noTable,
                "open",
                "there is no table \(tables.table) in \(store.settings.project).\(store.settings.dataset). Set"
                    + " stores.\(store.name).table."
            )
        }
        self.contacts = contacts
        let child = try await Self.child(client)
        self.child = child
        let resolved = try ColumnLayout(
            store: store.name,
            schema: store.schema,
            settings: tables,
            columns: contacts.columns.map(\.declared),
            child: child?.table.name
        )
        self.resolved = resolved
        let columns = resolved.columns.compactMap { contacts.places[$0].map { contacts.columns[$0] } }
        guard columns.count == resolved.columns.count, let key = columns.first(where: { $0.name == resolved.keyColumn })
        else {
            throw store.violation("open", "a table has two columns of one name")
        }
        self.columns = columns
        self.key = key
        guard [.int64, .string, .numeric, .bignumeric].contains(key.type) else {
            throw store.error(
                .badMapping,
                "open",
                "column \(key.name) of table \(contacts.name) is \(key.type.name), and a key is INT64, STRING, NUMERIC or"
                    + " BIGNUMERIC. Name another in stores.\(store.name).fields.\(ContactSchema.Name.key)."
            )
        }
        var layout = resolved.layout
        for (index, source) in resolved.sources.enumerated() {
            // Timestamps are microseconds, whatever the configuration says of the column.
            guard case .column(let place) = source, columns[place].type == .timestamp, layout.fields[index].path.isEmpty
            else { continue }
            layout.fields[index].unit = .microseconds
        }
        self.layout = layout
    }

    private static func child(_ client: BigQueryClient) async throws -> Child? {
        let store = client.store
        let identifiers = store.settings.tables.identifiers
        guard let name = identifiers.table else { return nil }
        guard let table = try await client.table(name, "open") else {
            guard identifiers.isRequired else { return nil }
            throw store.error(
                .noTable,
                "open",
                "there is no table \(name). Check stores.\(store.name).identifiers; null: there is none."
            )
        }
        func column(_ name: String) throws -> BigQueryColumn {
            if let place = table.place(name) { return table.columns[place] }
            throw store.error(.badMapping, "open", "table \(table.name) has no column \(name).")
        }
        return Child(
            table: table,
            contact: try column("contact_id"),
            type: try column("identifier_type"),
            value: try column("identifier_value"),
            primary: table.place("is_primary").map { table.columns[$0] }
        )
    }

    /// The type of the column that holds a field; nil where rows of the child table hold it.
    func type(of field: Int) -> BigQueryType? {
        if case .column(let place) = sources[field] { columns[place].type } else { nil }
    }
}
