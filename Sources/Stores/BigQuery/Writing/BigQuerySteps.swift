import Contacts

/// Turns changes into the rows that they write. Used by one task at a time.
struct BigQuerySteps {
    let plan: BigQueryPlan
    let state: BigQueryState
    let texts: BigQueryCanonicalForm

    /// What a change writes, from what was read: of an update the columns that become other ones.
    ///
    /// - Parameter records: of the change.
    /// - Returns: nil where the record is not there; empty where everything is so already.
    /// - Throws: `WriteRefusal`.
    func steps(of change: RecordChange, _ records: [ContactRecord]) throws -> [RowStep]? {
        switch change.action {
        case .insert: return try insertion(change)
        case .update:
            guard let row = change.rows.first, let record = records.first(where: { $0.row == row }) else { return nil }
            return try update(change, record)
        case .remove: return try removal(change)
        }
    }

    private var contacts: BigQueryTarget { plan.contacts }

    private func insertion(_ change: RecordChange) throws -> [RowStep] {
        var after: [String: RawValue] = [:]
        for (column, value) in try written(change, current: { _ in .null }) {
            after[column.name] = try column.stored(value, texts)
        }
        for column in contacts.table.columns where column.isRequired && !column.hasDefault && after[column.name] == nil
        {
            throw WriteRefusal("column \(column.name) must not be NULL")
        }
        guard let name = contacts.nameValues(after), let key = BigQueryKeys.text(name[0], in: plan.layout.key) else {
            throw WriteRefusal("a contact of table \(contacts.table.name) needs a key")
        }
        let ordinal = (state.contacts[key]?.count ?? 0) + 1
        let row = BigQueryRowName.row(name, ordinal: ordinal)
        var steps = [RowStep(table: contacts.table.name, row: row, before: nil, after: after)]
        try addIdentifiers(of: change, key: key, to: &steps)
        return steps
    }

    private func update(_ change: RecordChange, _ record: ContactRecord) throws -> [RowStep] {
        guard let key = plan.key(of: record.row) else {
            throw WriteRefusal("a row of table \(contacts.table.name) without a key cannot be told from others")
        }
        var before: [String: RawValue] = [:]
        var after: [String: RawValue] = [:]
        for (column, value) in try written(change, current: { record.values[$0] }) {
            let value = try column.stored(value, texts)
            guard let old = plan.layout.columns.firstIndex(of: column).flatMap({ current(of: $0, in: record) }),
                !column.type.isSame(old, value, texts)
            else { continue }
            if column == contacts.key {
                throw WriteRefusal(
                    "column \(column.name) names the rows of table \(contacts.table.name), and cannot become another value"
                )
            }
            before[column.name] = old
            after[column.name] = value
        }
        var steps: [RowStep] = []
        if !after.isEmpty {
            steps.append(RowStep(table: contacts.table.name, row: record.row, before: before, after: after))
        }
        try addIdentifiers(of: change, key: key, to: &steps)
        return steps
    }

    /// What a record holds in a column that is read.
    private func current(of column: Int, in record: ContactRecord) -> RawValue? {
        plan.layout.sources.firstIndex(of: .column(column)).map { record.values[$0] }
    }

    /// The columns that a change writes, each with its value.
    ///
    /// - Parameter current: what a field's column holds.
    private func written(_ change: RecordChange, current: (Int) -> RawValue) throws(WriteRefusal)
        -> [(column: BigQueryColumn, value: RawValue)]
    {
        let check = { (field: Int) throws(WriteRefusal) in
            guard let column = column(of: field), !column.type.isWritable else { return }
            throw WriteRefusal("column \(column.name), which is \(column.type.name), is not written")
        }
        return try plan.layout.resolved
            .written(by: change, in: contacts.table.name, check: check, current: current)
            .compactMap { field, value in column(of: field).map { ($0, value) } }
    }

    private func column(of field: Int) -> BigQueryColumn? {
        if case .column(let place) = plan.layout.sources[field] { plan.layout.columns[place] } else { nil }
    }

    /// Rows of identifiers go with the last row of their key.
    private func removal(_ change: RecordChange) throws -> [RowStep]? {
        var steps: [RowStep] = []
        var going: [String: Set<RowID>] = [:]
        for row in change.rows {
            if let key = plan.key(of: row) { going[key, default: []].insert(row) }
        }
        for (key, names) in going.sorted(by: { $0.key < $1.key }) {
            let rows = state.contacts[key] ?? []
            let leaving = rows.filter { names.contains($0.row) }
            guard !leaving.isEmpty else { continue }
            if leaving.count == rows.count, let identifiers = plan.identifiers {
                for row in state.identifiers[key] ?? [] {
                    let before = identifiers.image(row.values)
                    steps.append(RowStep(table: identifiers.table.name, row: row.row, before: before, after: nil))
                }
            }
            // Rows that stay are numbered anew, and these come back behind them.
            for (index, row) in leaving.enumerated() {
                let name = BigQueryRowName.row(
                    contacts.names.map { row.values[$0] },
                    ordinal: rows.count - leaving.count + index + 1
                )
                let before = contacts.image(row.values)
                steps.append(RowStep(table: contacts.table.name, row: name, before: before, after: nil))
            }
        }
        try requireWritable(steps)
        return steps.isEmpty ? nil : steps
    }

    /// A row that could not be put back is not taken away.
    private func requireWritable(_ steps: [RowStep]) throws {
        for target in [contacts, plan.identifiers].compactMap({ $0 })
        where steps.contains(where: { $0.table == target.table.name }) {
            if let column = target.table.columns.first(where: { !$0.type.isWritable }) {
                throw WriteRefusal(
                    "a row of table \(target.table.name) could not be put back: column \(column.name) is \(column.type.name)"
                )
            }
        }
    }
}
