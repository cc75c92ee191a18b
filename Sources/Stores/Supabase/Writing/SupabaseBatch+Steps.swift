import Contacts

extension SupabaseBatch {
    /// What the tables say of a list of journalled steps.
    enum ListStanding {
        /// Every row is as the steps expect it; these carry them out, rows that go with all they hold. With what else must
        /// stand in rows of contacts when they are written.
        case before([RowStep], clocks: [RowID: WritableTable.Image])
        /// Every row is as the steps leave it; rows that the database had named are named.
        case after([RowStep])
        /// A row is neither.
        case neither
    }

    /// A row of a table.
    private struct Place: Hashable {
        let table: String
        let row: RowID
    }

    /// Compares a list of steps with the tables.
    ///
    /// - Throws: `SupabaseRefusal`.
    func standing(of steps: [RowStep]) async throws -> ListStanding {
        guard let steps = try await named(steps) else { return .neither }
        var images: [Place: WritableTable.Image] = [:]
        for step in steps {
            guard let row = step.row else { continue }
            images[Place(table: step.table, row: row)] = try await table(step.table).read(row)
        }
        if try match(steps.reversed(), images, { ($0.after, $0.before) }) {
            return .after(steps.map { completed($0, images, areDone: true) })
        }
        guard try match(steps, images, { ($0.before, $0.after) }) else { return .neither }
        var clocks: [RowID: WritableTable.Image] = [:]
        for (place, image) in images where place.table == plan.contacts.name {
            clocks[place.row] = plan.contacts.clocks(of: image)
        }
        return .before(steps.map { completed($0, images, areDone: false) }, clocks: clocks)
    }

    /// Whether each step meets what it expects, once the steps ahead of it are done: two may be of one row.
    private func match(
        _ steps: [RowStep],
        _ images: [Place: WritableTable.Image],
        _ sides: (RowStep) -> (expected: [String: RawValue]?, left: [String: RawValue]?)
    ) throws -> Bool {
        var current = images
        for step in steps {
            let (expected, left) = sides(step)
            guard let row = step.row else {
                // No such row was found.
                guard expected == nil else { return false }
                continue
            }
            let place = Place(table: step.table, row: row)
            switch (expected, current[place]) {
            case (nil, nil): break
            case (let expected?, let image?):
                guard holds(expected, in: image, try table(step.table)) else { return false }
            default: return false
            }
            current[place] = left.map { (current[place] ?? [:]).merging($0) { _, new in new } }
        }
        return true
    }

    /// Steps whose rows are named: the journal has no name for a row that was added just before a crash. It is found by
    /// what it holds.
    ///
    /// - Returns: nil where only another row has its key.
    private func named(_ steps: [RowStep]) async throws -> [RowStep]? {
        var taken: Set<Place> = []
        var result: [RowStep] = []
        for step in steps {
            var step = step
            if step.row == nil {
                guard let image = step.after ?? step.before, step.before == nil || step.after == nil else { return nil }
                let table = try table(step.table)
                let candidates = try await table.rows(like: image)
                    .filter { !taken.contains(Place(table: step.table, row: $0.id)) }
                if let found = candidates.first(where: { holds(image, in: table.image($0), table) }) {
                    step.row = found.id
                    taken.insert(Place(table: step.table, row: found.id))
                } else if !candidates.isEmpty {
                    return nil
                }
            }
            result.append(step)
        }
        return result
    }

    /// A step that names every column of a row that is there as it stands: one that goes, or one that has come. Only so can
    /// it be taken back.
    ///
    /// - Parameter areDone: whether the rows are as the steps leave them.
    private func completed(_ step: RowStep, _ images: [Place: WritableTable.Image], areDone: Bool) -> RowStep {
        let isThere = areDone ? step.before == nil : step.after == nil
        guard isThere, let row = step.row, let image = images[Place(table: step.table, row: row)] else { return step }
        return RowStep(table: step.table, row: row, before: areDone ? nil : image, after: areDone ? image : nil)
    }
}
