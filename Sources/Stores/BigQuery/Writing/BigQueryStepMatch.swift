import Contacts

extension StepStanding {
    /// Compares a list of steps with the rows that were read.
    init(of steps: [RowStep], _ plan: BigQueryPlan, _ state: BigQueryState, _ texts: BigQueryCanonicalForm) {
        let match = BigQueryStepMatch(plan: plan, state: state, texts: texts)
        if let done = match.rows(of: steps, { ($0.after, $0.before) }) {
            self = .after(match.completed(steps, done, isDone: true))
        } else if let found = match.rows(of: steps, { ($0.before, $0.after) }) {
            self = .before(match.completed(steps, found, isDone: false))
        } else {
            self = .neither
        }
    }
}

/// Finds the rows that steps speak of: by what they hold, and by their names where several hold it.
struct BigQueryStepMatch {
    let plan: BigQueryPlan
    let state: BigQueryState
    let texts: BigQueryCanonicalForm

    /// For each step the row that is as expected, nil where none is expected and there is none; nil as a whole where a step
    /// does not meet what it expects.
    ///
    /// - Parameter images: what a step expects, and what it would leave.
    func rows(
        of steps: [RowStep],
        _ images: (RowStep) -> (expected: [String: RawValue]?, left: [String: RawValue]?)
    ) -> [BigQueryState.Row?]? {
        var taken: Set<RowPlace> = []
        var result = [BigQueryState.Row?](repeating: nil, count: steps.count)
        // Rows that must be there first: what is left of them must not be in the way of rows that must not.
        let order = steps.indices.filter { images(steps[$0]).expected != nil }
        for index in order {
            let step = steps[index]
            guard let expected = images(step).expected, let target = plan.target(step.table),
                let group = group(of: step, expected, target)
            else { return nil }
            let fitting = group.filter { row in
                !taken.contains(RowPlace(table: step.table, row: row.row))
                    && target.holds(expected, in: row.values, texts)
            }
            guard let row = fitting.first(where: { $0.row == step.row }) ?? fitting.first else { return nil }
            // A row of another name is taken only where it is told by all that it holds, or is the only one; and where there are
            // as many rows as the name says.
            let isWhole = step.before == nil || step.after == nil
            guard row.row == step.row || isWhole || group.count == 1,
                group.count >= step.row.map(BigQueryState.ordinal) ?? 1
            else { return nil }
            taken.insert(RowPlace(table: step.table, row: row.row))
            result[index] = row
        }
        for step in steps {
            let (expected, left) = images(step)
            guard expected == nil, let left else { continue }
            guard let target = plan.target(step.table), let group = group(of: step, left, target) else { return nil }
            // Rows are numbered through: one of that number is there, or there are fewer.
            let name = step.row ?? target.nameValues(left).map { BigQueryRowName.row($0, ordinal: 1) }
            if group.contains(where: { $0.row == name && !taken.contains(RowPlace(table: step.table, row: $0.row)) }) {
                return nil
            }
        }
        return result
    }

    /// Rows that have a step's name but for its number; nil where the step names no row that there could be.
    private func group(
        of step: RowStep,
        _ image: [String: RawValue],
        _ target: BigQueryTarget
    ) -> [BigQueryState.Row]? {
        let name = step.row ?? target.nameValues(image).map { BigQueryRowName.row($0, ordinal: 1) }
        guard let name, let key = BigQueryRowName.key(of: name).flatMap({ BigQueryKeys.text($0, in: target.key) })
        else {
            return nil
        }
        let rows = target.table.name == plan.contacts.table.name ? state.contacts[key] : state.identifiers[key]
        let base = BigQueryState.base(of: name)
        return (rows ?? []).filter { $0.base == base }
    }

    /// Steps with the names that their rows have, and with all that rows hold which go or have come.
    func completed(_ steps: [RowStep], _ rows: [BigQueryState.Row?], isDone: Bool) -> [RowStep] {
        zip(steps, rows)
            .map { step, row in
                guard let row, let target = plan.target(step.table) else { return step }
                let isWhole = isDone ? step.before == nil : step.after == nil
                guard isWhole else {
                    return RowStep(table: step.table, row: row.row, before: step.before, after: step.after)
                }
                let image = target.image(row.values)
                return RowStep(
                    table: step.table,
                    row: isDone ? row.row : step.row ?? row.row,
                    before: isDone ? nil : image,
                    after: isDone ? image : nil
                )
            }
    }

    /// The texts of the keys that a list of steps is about; nil where a step names none.
    static func keys(of steps: [RowStep], _ plan: BigQueryPlan) -> [String]? {
        var keys: [String] = []
        for step in steps {
            guard let target = plan.target(step.table) else { return nil }
            let image = step.after ?? step.before ?? [:]
            let name = step.row ?? target.nameValues(image).map { BigQueryRowName.row($0, ordinal: 1) }
            guard let key = name.flatMap(BigQueryRowName.key).flatMap({ BigQueryKeys.text($0, in: target.key) }) else {
                return nil
            }
            keys.append(key)
        }
        return keys
    }
}
