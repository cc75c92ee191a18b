import Contacts

extension PostgresBatch {
    /// What the tables say of a list of journalled steps.
    enum Standing: Sendable {
        /// Every row is as the steps expect it; these carry them out, rows that go with all they hold.
        case before([RowStep])
        /// Every row is as the steps leave it; rows that the server had named are named.
        case after([RowStep])
        /// A row is neither.
        case neither
    }

    /// Compares lists of steps with the tables, by exact values; no two lists are of one row.
    func standings(of lists: [[RowStep]]) throws -> [Result<Standing, PostgresRefusal>] {
        for rows in [contacts, identifiers].compactMap({ $0 }) {
            let own = lists.joined().filter { $0.table == rows.table.name && !comesAnew($0, rows.table) }
            let names = own.compactMap(\.row)
            try rows.hold(Set(names))
        }
        return try lists.map { list in
            do {
                return .success(try standing(of: list))
            } catch let refusal as PostgresRefusal {
                return .failure(refusal)
            }
        }
    }

    /// Whether a step adds a row that has another name each time: one of a table without a key.
    private func comesAnew(_ step: RowStep, _ table: PostgresTable) -> Bool {
        step.before == nil && table.names.kind == .place
    }

    private func standing(of steps: [RowStep]) throws -> Standing {
        guard let named = try named(steps) else { return .neither }
        if try match(named.reversed(), { ($0.after, $0.before) }) { return .after(try completed(named, areDone: true)) }
        guard try match(named, { ($0.before, $0.after) }) else { return .neither }
        return .before(try completed(named, areDone: false))
    }

    /// A row of a table.
    private struct Place: Hashable {
        let table: String
        let row: RowID
    }

    /// Whether each step meets what it expects, once the steps ahead of it are done: two may be of one row.
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
            if let known = seen[place] { current = known } else { current = try rows.read(row)?.values }
            switch (expected, current) {
            case (nil, nil): break
            case (let expected?, let current?): guard rows.table.holds(expected, in: current) else { return false }
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

    /// Steps whose rows are named as they are: the journal has no name for a row that was added just before a crash, and an
    /// old one for a row without a key that was written since. The former is found by what it holds.
    ///
    /// - Returns: nil where only another row has its key.
    private func named(_ steps: [RowStep]) throws -> [RowStep]? {
        var taken: Set<Place> = []
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
                    .filter { !taken.contains(Place(table: step.table, row: $0.name)) }
                if let found = candidates.first(where: { rows.table.holds(image, in: $0.values) }) {
                    step.row = found.name
                    taken.insert(Place(table: step.table, row: found.name))
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
            guard isThere, let row = step.row, let rows = rows(of: step.table), let current = try rows.read(row) else {
                return step
            }
            let image = rows.table.image(current.values)
            return RowStep(table: step.table, row: row, before: areDone ? nil : image, after: areDone ? image : nil)
        }
    }
}
