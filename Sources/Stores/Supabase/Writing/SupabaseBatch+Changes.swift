import Contacts

extension SupabaseBatch {
    /// What a change writes, from what stands in the tables: of an update the columns that become other ones.
    ///
    /// - Parameters:
    ///   - found: of the change, as `fetch` gave them.
    ///   - identifiers: rows of the child table, by the key of their contact.
    /// - Returns: nil where the record is not there; empty where everything is so already.
    /// - Throws: `WriteRefusal`.
    func steps(
        of change: RecordChange,
        _ found: SupabaseFetch.Found,
        _ identifiers: [String: [StoredRow]]
    ) throws -> [RowStep]? {
        switch change.action {
        case .insert: return try insertion(change, identifiers)
        case .update:
            guard let row = change.rows.first, let record = found.records.first(where: { $0.row == row }) else {
                return nil
            }
            return try update(change, record, identifiers)
        case .remove:
            let rows = Dictionary(found.rows.map { ($0.id, plan.contacts.row($0)) }) { first, _ in first }
            return change.removal(
                of: found.rows.map { ($0.id, plan.records.key($0)) },
                identifiers: { key in
                    (ChildReader.text(key).flatMap { identifiers[$0] } ?? [])
                        .map { $0.removal(from: plan.identifiers?.name ?? "") }
                },
                contact: { rows[$0]?.removal(from: plan.contacts.name) }
            )
        }
    }

    /// The keys of the contacts whose rows of identifiers a change must know.
    func keys(of change: RecordChange, _ found: SupabaseFetch.Found) -> [RawValue] {
        let isAboutRows = !plan.layout.resolved.identifiers(of: change).isEmpty
        let place = plan.layout.layout.index(of: ContactSchema.Name.key)
        let isKeyWritten = place.map { change.values[$0] != nil } ?? false
        switch change.action {
        case .insert: return isAboutRows ? place.flatMap { change.values[$0] }.map { [$0] } ?? [] : []
        case .update: return isAboutRows || isKeyWritten ? found.rows.map(plan.records.key) : []
        case .remove: return found.rows.map(plan.records.key)
        }
    }

    private func insertion(_ change: RecordChange, _ identifiers: [String: [StoredRow]]) throws -> [RowStep] {
        var after: StoredRow.Image = [:]
        for (_, column, value) in try written(change, { _ in .null }) { after[column.name] = value }
        let key = after[plan.layout.key.name] ?? .null
        guard key != .null else { throw WriteRefusal("a contact of table \(plan.contacts.name) needs a key") }
        let step = RowStep(table: plan.contacts.name, row: plan.contacts.name(of: after), before: nil, after: after)
        return [step] + (try identifierSteps(of: change, key: key, identifiers))
    }

    private func update(
        _ change: RecordChange,
        _ record: ContactRecord,
        _ identifiers: [String: [StoredRow]]
    ) throws -> [RowStep] {
        var before: StoredRow.Image = [:]
        var after: StoredRow.Image = [:]
        for (field, column, value) in try written(change, { record.values[$0] })
        where !equality.same(record.values[field], value, in: column) {
            guard !plan.contacts.rowNames.columns.contains(column) else {
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
        let key = plan.layout.layout.index(of: ContactSchema.Name.key).map { record.values[$0] } ?? .null
        let newKey = after[plan.layout.key.name] ?? key
        if newKey != key, let table = plan.identifiers, let text = ChildReader.text(key),
            !(identifiers[text] ?? []).isEmpty
        {
            throw WriteRefusal("rows of table \(table.name) belong to the key that would become another")
        }
        return steps + (try identifierSteps(of: change, key: newKey, identifiers))
    }

    /// The columns that a change writes, each with its value and a field that reads it.
    ///
    /// - Parameter current: what a field's column holds.
    private func written(_ change: RecordChange, _ current: (Int) -> RawValue) throws
        -> [(field: Int, column: PostgRESTColumn, value: RawValue)]
    {
        let written = try plan.layout.resolved.written(by: change, in: plan.contacts.name, current: current)
        return try written.compactMap { field, value in
            guard case .column(let place) = plan.layout.sources[field] else { return nil }
            return (field, try plan.contacts.column(plan.layout.columns[place]), value)
        }
    }
}
