import Contacts

extension SQLiteBatch {
    /// Compares a list of steps with the tables, by exact values.
    func standing(of steps: [RowStep]) throws -> StepStanding {
        guard let named = try named(steps) else { return .neither }
        return try StepComparison(steps: named) { try self.rows(of: $0.table)?.read($0.row) }.standing()
    }

    /// Steps whose rows are named: the journal has no name for a row that was added just before a crash. It is found by
    /// what it holds.
    ///
    /// - Returns: nil where only another row has its key, and where a table is none that is written.
    private func named(_ steps: [RowStep]) throws -> [RowStep]? {
        var taken: Set<RowPlace> = []
        var result: [RowStep] = []
        for step in steps {
            guard let rows = rows(of: step.table) else { return nil }
            var step = step
            if step.row == nil {
                guard let image = step.after ?? step.before, step.before == nil || step.after == nil else { return nil }
                let key = keyColumns(of: rows.table)
                let candidates = try rows.rows(where: key, are: key.map { image[$0] ?? .null }, isNullEqual: true)
                    .filter { !taken.contains(RowPlace(table: step.table, row: $0.name)) }
                if let found = candidates.first(where: { StepComparison.isExact(image, in: $0.image) }) {
                    step.row = found.name
                    taken.insert(RowPlace(table: step.table, row: found.name))
                } else if !candidates.isEmpty {
                    return nil
                }
            }
            result.append(step)
        }
        return result
    }

    /// The columns that say which contact, or which identifier of it, a row is.
    private func keyColumns(of table: SQLiteTable) -> [String] {
        if table.name == plan.contacts.name { return [plan.layout.keyColumn] }
        return table.columns.map(\.name).filter { IdentifierColumns.key.contains($0.lowercased()) }
    }
}
