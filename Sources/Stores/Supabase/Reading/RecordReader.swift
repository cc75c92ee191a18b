import Contacts

/// Makes records of rows of the contact table and of the child table.
struct RecordReader: Sendable {
    let layout: SupabaseLayout
    let contacts: TableReader
    let children: ChildReader?
    private let places: [Int]
    private let keyPlace: Int

    /// - Parameter columns: of the contact table; must hold those that the layout needs.
    init(layout: SupabaseLayout, columns: [PostgRESTColumn], client: PostgRESTClient, pageSize: Int) {
        self.layout = layout
        contacts = TableReader(
            client: client,
            table: layout.contacts,
            rowNames: layout.rowNames,
            columns: columns,
            pageSize: pageSize
        )
        children = layout.child.map { ChildReader($0, client: client, pageSize: pageSize) }
        let contacts = contacts
        places = layout.sources.map { source in
            if case .column(let column) = source { contacts.place(layout.columns[column]) ?? 0 } else { -1 }
        }
        keyPlace = contacts.place(layout.key.name) ?? 0
    }

    /// The key of a row as its column holds it.
    func key(_ row: TableReader.Row) -> RawValue { row.values[keyPlace] }

    /// A record for each row, in order, and how many rows of the child table they took.
    func records(_ rows: [TableReader.Row], operation: String) async throws
        -> (records: [ContactRecord], childRows: Int)
    {
        guard let children, !rows.isEmpty else { return (rows.map { record($0, [:]) }, 0) }
        let (lists, count) = try await children.lists(of: rows.map(key), operation: operation)
        let records = rows.map { row in
            record(row, ChildReader.text(key(row)).flatMap { lists[$0] } ?? [:])
        }
        return (records, count)
    }

    private func record(_ row: TableReader.Row, _ lists: ChildReader.Lists) -> ContactRecord {
        ContactRecord(
            row: row.id,
            values: layout.sources.indices.map { index in
                if case .child(let type) = layout.sources[index] { return lists[type] ?? .null }
                return row.values[places[index]]
            }
        )
    }
}
