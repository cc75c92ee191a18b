import Contacts

extension SQLiteBatch {
    /// What the tables say of a list of journalled steps.
    enum Standing {
        /// Every row is as the steps expect it; these carry them out, rows that go with all they hold.
        case before([RowStep])
        /// Every row is as the steps leave it; rows that SQLite had named are named.
        case after([RowStep])
        /// A row is neither.
        case neither
    }

    /// Compares a list of steps with the tables, by exact values.
    func standing(of steps: [RowStep]) throws -> Standing {
        guard let named = try named(steps) else { return .neither }
        if try isAfter(named) { return .after(try completed(named, areDone: true)) }
        return try isBefore(named) ? .before(try completed(named, areDone: false)) : .neither
    }

    private func isBefore(_ steps: [RowStep]) throws -> Bool { try match(steps) { ($0.before, $0.after) } }

    private func isAfter(_ steps: [RowStep]) throws -> Bool { try match(steps.reversed()) { ($0.after, $0.before) } }

    /// A row of a table.
    private struct Place: Hashable {
        let table: String
        let row: RowID
    }

    /// Whether each step meets what it expects, once the steps ahead of it are done: two may be of one row, as where
    /// SQLite gives a row that is added the number of one that was just taken away.
    private func match(
        _ steps: [RowStep],
        _ images: (RowStep) -> (expected: [String: RawValue]?, left: [String: RawValue]?)
    ) throws -> Bool {
        var seen: [Place: [RawValue]?] = [:]
        for step in steps {
            let (expected, left) = images(step)
            guard let rows = rows(of: step.table) else { return false }
            guard let row = step.row else {
                // No such row was found.
                guard expected == nil else { return false }
                continue
            }
            let place = Place(table: step.table, row: row)
            let current: [RawValue]?
            if let known = seen[place] { current = known } else { current = try rows.read(row) }
            switch (expected, current) {
            case (nil, nil): break
            case (let expected?, let current?): guard rows.holds(expected, in: current) else { return false }
            default: return false
            }
            guard let left else {
                seen.updateValue(nil, forKey: place)
                continue
            }
            var values = current ?? rows.table.columns.map { _ in .null }
            for (column, value) in left {
                if let column = rows.table.places[column] { values[column] = value }
            }
            seen[place] = values
        }
        return true
    }

    /// Steps whose rows are named: the journal has no name for a row that was added just before a crash. It is found by
    /// what it holds.
    ///
    /// - Returns: nil where only another row has its key.
    private func named(_ steps: [RowStep]) throws -> [RowStep]? {
        guard steps.contains(where: { $0.row == nil }) else { return steps }
        var taken: Set<Place> = []
        var result: [RowStep] = []
        for step in steps {
            var step = step
            if step.row == nil {
                guard let rows = rows(of: step.table), let image = step.after ?? step.before,
                    step.before == nil || step.after == nil
                else { return nil }
                let key = keyColumns(of: rows.table)
                let candidates =
                    try rows.rows(
                        where: key,
                        are: key.map { image[$0] ?? .null },
                        isNullEqual: true
                    )
                    .filter { !taken.contains(Place(table: step.table, row: $0.row)) }
                if let found = candidates.first(where: { rows.holds(image, in: $0.values) }) {
                    step.row = found.row
                    taken.insert(Place(table: step.table, row: found.row))
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
        return table.columns.map(\.name)
            .filter { ["contact_id", "identifier_type", "identifier_value"].contains($0.lowercased()) }
    }

    /// Steps that name every column of the rows that are there as they stand: those that go, or those that have come. Only
    /// so can they be taken back.
    ///
    /// - Parameter areDone: whether the rows are as the steps leave them.
    private func completed(_ steps: [RowStep], areDone: Bool) throws -> [RowStep] {
        try steps.map { step in
            let isThere = areDone ? step.before == nil : step.after == nil
            guard isThere, let row = step.row, let rows = rows(of: step.table), let values = try rows.read(row) else {
                return step
            }
            let image = rows.image(values)
            return RowStep(table: step.table, row: row, before: areDone ? nil : image, after: areDone ? image : nil)
        }
    }
}
