import Contacts
import Fingerprint

extension SupabaseBatch {
    /// What a change writes, from what stands in the tables: of an update the columns that become other ones.
    ///
    /// - Parameters:
    ///   - found: of the change, as `fetch` gave them.
    ///   - identifiers: rows of the child table, by the key of their contact.
    /// - Returns: nil where the record is not there; empty where everything is so already.
    /// - Throws: `SupabaseRefusal`.
    func steps(
        of change: RecordChange,
        _ found: SupabaseFetch.Found,
        _ identifiers: [String: [TableReader.Row]]
    ) throws -> [RowStep]? {
        switch change.action {
        case .insert: return try insertion(change, identifiers)
        case .update:
            guard let row = change.rows.first, let record = found.records.first(where: { $0.row == row }) else {
                return nil
            }
            return try update(change, record, identifiers)
        case .remove: return removal(change, found, identifiers)
        }
    }

    /// The keys of the contacts whose rows of identifiers a change must know.
    func keys(of change: RecordChange, _ found: SupabaseFetch.Found) -> [RawValue] {
        let isAboutRows = change.values.keys.contains { index in
            if case .child = plan.layout.sources[index] { true } else { false }
        }
        let place = plan.layout.layout.index(of: ContactSchema.Name.key)
        let isKeyWritten = place.map { change.values[$0] != nil } ?? false
        switch change.action {
        case .insert: return isAboutRows ? place.flatMap { change.values[$0] }.map { [$0] } ?? [] : []
        case .update: return isAboutRows || isKeyWritten ? found.rows.map(plan.records.key) : []
        case .remove: return found.rows.map(plan.records.key)
        }
    }

    private func insertion(_ change: RecordChange, _ identifiers: [String: [TableReader.Row]]) throws -> [RowStep] {
        let after = Dictionary(try written(change) { _ in .null }.map { ($0.column.name, $0.value) }) { first, _ in
            first
        }
        let key = after[plan.layout.key.name] ?? .null
        guard key != .null else { throw SupabaseRefusal("a contact of table \(plan.contacts.name) needs a key") }
        var steps = [
            RowStep(table: plan.contacts.name, row: plan.contacts.name(of: after), before: nil, after: after)
        ]
        try addIdentifiers(of: change, key: key, identifiers, to: &steps)
        return steps
    }

    private func update(
        _ change: RecordChange,
        _ record: ContactRecord,
        _ identifiers: [String: [TableReader.Row]]
    ) throws -> [RowStep] {
        var before: WritableTable.Image = [:]
        var after: WritableTable.Image = [:]
        for (column, value, field) in try written(change, { record.values[$0] })
        where !equality.same(record.values[field], value, in: column) {
            guard !plan.contacts.rowNames.columns.contains(column) else {
                throw SupabaseRefusal(
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
            throw SupabaseRefusal("rows of table \(table.name) belong to the key that would become another")
        }
        try addIdentifiers(of: change, key: newKey, identifiers, to: &steps)
        return steps
    }

    /// The columns that a change writes, each with its value and a field that reads it; those inside JSON merged.
    ///
    /// - Parameter current: what a field's column holds.
    private func written(_ change: RecordChange, _ current: (Int) -> RawValue) throws
        -> [(column: PostgRESTColumn, value: RawValue, field: Int)]
    {
        var columns: [(column: PostgRESTColumn, value: RawValue, field: Int)] = []
        let fields = plan.layout.layout.fields
        // Whole columns first, then what is inside of them.
        let order = change.values.keys.sorted {
            (fields[$0].path.isEmpty ? 0 : 1, $0) < (fields[$1].path.isEmpty ? 0 : 1, $1)
        }
        for index in order {
            guard case .column(let place) = plan.layout.sources[index], let value = change.values[index] else {
                continue
            }
            let column = try plan.contacts.column(plan.layout.columns[place])
            let known = columns.firstIndex { $0.column == column }
            guard !fields[index].path.isEmpty else {
                if let known, columns[known].value != value {
                    throw SupabaseRefusal("column \(column.name) of table \(plan.contacts.name) would get two values")
                }
                if known == nil { columns.append((column, value, index)) }
                continue
            }
            let json = known.map { columns[$0].value } ?? current(index)
            guard let edited = RecordEdit.setting(fields[index].path, to: value, in: json) else {
                throw SupabaseRefusal(
                    "column \(column.name) of table \(plan.contacts.name) holds no JSON object in which"
                        + " \(fields[index].path.joined(separator: ".")) could be set to that"
                )
            }
            if let known { columns[known].value = edited } else { columns.append((column, edited, index)) }
        }
        return columns
    }

    /// Rows of identifiers first, since they may refer to the contact's; those that another record reads stay.
    private func removal(
        _ change: RecordChange,
        _ found: SupabaseFetch.Found,
        _ identifiers: [String: [TableReader.Row]]
    ) -> [RowStep]? {
        let going = found.rows.filter { change.rows.contains($0.id) }
        guard !going.isEmpty else { return nil }
        var steps: [RowStep] = []
        if let table = plan.identifiers {
            let staying = Set(
                found.rows.filter { !change.rows.contains($0.id) }.compactMap { ChildReader.text(plan.records.key($0)) }
            )
            let keys = Set(going.compactMap { ChildReader.text(plan.records.key($0)) }).subtracting(staying)
            for row in keys.sorted().flatMap({ identifiers[$0] ?? [] }) {
                steps.append(RowStep(table: table.name, row: row.id, before: table.image(row), after: nil))
            }
        }
        for row in going {
            steps.append(
                RowStep(table: plan.contacts.name, row: row.id, before: plan.contacts.image(row), after: nil)
            )
        }
        return steps
    }
}
