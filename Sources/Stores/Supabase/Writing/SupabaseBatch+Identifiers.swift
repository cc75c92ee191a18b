import Contacts

extension SupabaseBatch {
    /// Rows of the child table that belong to contacts of these keys, by key, in the order of their names.
    func identifiers(of keys: [RawValue]) async throws -> [String: [StoredRow]] {
        guard let table = plan.identifiers, let contact = table.key.first, let place = table.reader.place(contact.name)
        else {
            return [:]
        }
        let texts = Set(keys.compactMap(ChildReader.text)).filter(contact.admits).sorted().map(FilterText.member)
        var result: [String: [StoredRow]] = [:]
        for portion in FilterText.portions(texts, room: table.reader.room) {
            let condition = (FilterText.name(contact.name), "in.(\(texts[portion].joined(separator: ",")))")
            for row in try await table.reader.rows([condition], limit: .max, operation: "write") {
                if let key = ChildReader.text(row.values[place]) { result[key, default: []].append(table.row(row)) }
            }
        }
        return result
    }

    /// What a change makes of the contact's rows of identifiers.
    ///
    /// - Parameter key: of the contact, as its column holds it.
    func identifierSteps(of change: RecordChange, key: RawValue, _ rows: [String: [StoredRow]]) throws -> [RowStep] {
        guard let table = plan.identifiers, let columns = table.identifierColumns else { return [] }
        let steps = IdentifierSteps(
            table: table.name,
            columns: columns,
            usualFlag: nil,
            normal: normal,
            // The database alone knows; what it says is compared by `ColumnEquality`.
            stored: { value, _ in value },
            name: table.name
        )
        let own = ChildReader.text(key).flatMap { rows[$0] } ?? []
        return try plan.layout.resolved.identifiers(of: change)
            .flatMap { list in
                let found = own.filter { ChildReader.text($0.image[columns.type] ?? .null) == list.type }
                return try steps.steps(list, key: key, found: found)
            }
    }
}

extension WritableTable {
    /// Nil where it is no table of identifiers that could be written.
    fileprivate var identifierColumns: IdentifierColumns? {
        IdentifierColumns { name in reader.table.column(name).map { ($0.name, $0.isRequired) } }
    }
}
