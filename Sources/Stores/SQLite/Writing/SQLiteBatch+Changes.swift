import Contacts

extension SQLiteBatch {
    /// What a change writes, from what stands in the tables: of an update the columns that become other ones.
    ///
    /// - Parameter records: of the change, as `fetch` gave them.
    /// - Returns: nil where the record is not there; empty where everything is so already.
    /// - Throws: `WriteRefusal`.
    func steps(of change: RecordChange, _ records: [ContactRecord]) throws -> [RowStep]? {
        switch change.action {
        case .insert: return try insertion(change)
        case .update:
            guard let row = change.rows.first, let record = records.first(where: { $0.row == row }) else { return nil }
            return try update(change, record)
        case .remove:
            return try change.removal(
                of: records.map { ($0.row, key(of: $0)) },
                identifiers: { key in
                    guard let identifiers else { return [] }
                    return try identifiers.rows(where: ["contact_id"], are: [key])
                        .map { $0.removal(from: identifiers.table.name) }
                },
                contact: { row in
                    try contacts.read(row)
                        .map { RowStep(table: contacts.table.name, row: row, before: $0, after: nil) }
                }
            )
        }
    }

    private func insertion(_ change: RecordChange) throws -> [RowStep] {
        var after: StoredRow.Image = [:]
        for (_, place, value) in try written(change, { _ in .null }) {
            after[plan.contacts.columns[place].name] = value
        }
        let key = after[plan.layout.keyColumn] ?? .null
        guard key != .null else { throw WriteRefusal("a contact of table \(plan.contacts.name) needs a key") }
        let step = RowStep(table: plan.contacts.name, row: contacts.name(of: after), before: nil, after: after)
        return [step] + (try identifierSteps(of: change, key: key))
    }

    private func update(_ change: RecordChange, _ record: ContactRecord) throws -> [RowStep] {
        var before: StoredRow.Image = [:]
        var after: StoredRow.Image = [:]
        for (field, place, value) in try written(change, { record.values[$0] }) where value != record.values[field] {
            let column = plan.contacts.columns[place]
            if place == plan.contacts.rowNumberColumn || plan.contacts.nameColumns.contains(place) {
                throw WriteRefusal(
                    "column \(column.name) names the rows of table \(plan.contacts.name), and cannot become another value"
                )
            }
            before[column.name] = record.values[field]
            after[column.name] = value
        }
        var steps: [RowStep] = []
        if !after.isEmpty {
            steps.append(RowStep(table: plan.contacts.name, row: record.row, before: before, after: after))
        }
        let key = key(of: record)
        let newKey = after[plan.layout.keyColumn] ?? key
        if newKey != key, let identifiers, try !identifiers.rows(where: ["contact_id"], are: [key]).isEmpty {
            throw WriteRefusal("rows of table \(identifiers.table.name) belong to the key that would become another")
        }
        return steps + (try identifierSteps(of: change, key: newKey))
    }

    /// The columns that a change writes, each with its value as it is stored and a field that reads it.
    ///
    /// - Parameter current: what a field's column holds.
    private func written(_ change: RecordChange, _ current: (Int) -> RawValue) throws
        -> [(field: Int, place: Int, value: RawValue)]
    {
        try plan.layout.resolved
            .written(by: change, in: plan.contacts.name, places: plan.places, current: current)
            .map { field, place, value in
                (field, place, try conversion.stored(value, plan.contacts.columns[place].affinity))
            }
    }

    /// A record's key as its column holds it.
    private func key(of record: ContactRecord) -> RawValue {
        plan.layout.layout.index(of: ContactSchema.Name.key).map { record.values[$0] } ?? .null
    }
}
