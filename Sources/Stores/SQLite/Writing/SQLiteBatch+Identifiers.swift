import Contacts

extension SQLiteBatch {
    /// What a change makes of the contact's rows of identifiers.
    ///
    /// - Parameter key: of the contact, as its column holds it.
    func identifierSteps(of change: RecordChange, key: RawValue) throws -> [RowStep] {
        guard let rows = identifiers, let columns = rows.table.identifierColumns else { return [] }
        let steps = IdentifierSteps(
            table: rows.table.name,
            columns: columns,
            usualFlag: nil,
            normal: normal,
            stored: { [conversion] value, column in
                guard let place = rows.table.places[column] else { return value }
                return try conversion.stored(value, rows.table.columns[place].affinity)
            },
            name: rows.name
        )
        return try plan.layout.resolved.identifiers(of: change)
            .flatMap { list in
                let found = try rows.rows(where: ["contact_id", "identifier_type"], are: [key, .text(list.type)])
                return try steps.steps(list, key: key, found: found)
            }
    }
}

extension SQLiteTable {
    /// Nil where it is no table of identifiers that could be written.
    var identifierColumns: IdentifierColumns? {
        IdentifierColumns { name in
            columns.first { $0.name.lowercased() == name }.map { ($0.name, $0.isRequired) }
        }
    }
}
