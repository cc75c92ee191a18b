import Contacts

extension PostgresBatch {
    /// Compares lists of steps with the tables, by exact values; no two lists are of one row.
    func standings(of lists: [[RowStep]]) throws -> [Result<StepStanding, WriteRefusal>] {
        for rows in [contacts, identifiers].compactMap({ $0 }) {
            let own = lists.joined().filter { $0.table == rows.table.name && !comesAnew($0, rows.table) }
            let names = own.compactMap(\.row)
            try rows.hold(Set(names))
        }
        return try lists.map { list in
            do {
                return .success(try standing(of: list))
            } catch let refusal as WriteRefusal {
                return .failure(refusal)
            }
        }
    }

    /// Whether a step adds a row that has another name each time: one of a table without a key.
    private func comesAnew(_ step: RowStep, _ table: PostgresTable) -> Bool {
        step.before == nil && table.names.kind == .place
    }

    private func standing(of steps: [RowStep]) throws -> StepStanding {
        guard let named = try named(steps) else { return .neither }
        return try StepComparison(steps: named) { try self.rows(of: $0.table)?.read($0.row)?.image }.standing()
    }

    /// Steps whose rows are named as they are: the journal has no name for a row that was added just before a crash, and an
    /// old one for a row without a key that was written since. The former is found by what it holds.
    ///
    /// - Returns: nil where only another row has its key.
    private func named(_ steps: [RowStep]) throws -> [RowStep]? {
        var taken: Set<RowPlace> = []
        var result: [RowStep] = []
        for step in steps {
            var step = step
            guard let rows = rows(of: step.table) else { return nil }
            let comesAnew = comesAnew(step, rows.table)
            if let row = step.row, !comesAnew {
                if let current = try rows.read(row) { step.row = current.name }
            } else {
                guard let image = step.after ?? step.before, step.before == nil || step.after == nil else { return nil }
                let isNamed = step.row != nil
                step.row = nil
                let key = keyColumns(of: rows.table)
                let candidates = try rows.rows(where: key, are: key.map { image[$0] ?? .null })
                    .filter { !taken.contains(RowPlace(table: step.table, row: $0.name)) }
                if let found = candidates.first(where: { StepComparison.isExact(image, in: $0.image) }) {
                    step.row = found.name
                    taken.insert(RowPlace(table: step.table, row: found.name))
                } else if !candidates.isEmpty, !isNamed {
                    return nil
                }
            }
            result.append(step)
        }
        return result
    }

    /// The columns that say which contact, or which identifier of it, a row is.
    private func keyColumns(of table: PostgresTable) -> [String] {
        if table.name == plan.contacts.name { return [plan.layout.key.name] }
        return table.columns.map(\.name).filter { IdentifierColumns.key.contains($0.lowercased()) }
    }
}
