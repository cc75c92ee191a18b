import Contacts

extension SupabaseBatch {
    /// Steps that are to be carried out, one after another.
    struct Work {
        /// Those that an earlier run has carried out, with what stands there.
        var done: [RowStep] = []
        let rest: [RowStep]
        /// By row of a contact: what must stand there besides what the steps say.
        let clocks: [RowID: StoredRow.Image]
    }

    /// What the tables say of a list of steps.
    enum ListStanding {
        case toDo(Work)
        /// Every row is as the steps leave it; rows that the database had named are named.
        case done([RowStep])
        /// A row is as none of the steps has it.
        case neither
    }

    /// Compares a list of steps with the tables. Each step is a transaction of its own, so that some may be done.
    ///
    /// - Throws: `WriteRefusal`.
    func standing(of steps: [RowStep]) async throws -> ListStanding {
        guard let steps = try await named(steps) else { return .neither }
        var images: [RowPlace: StoredRow.Image] = [:]
        var clocks: [RowID: StoredRow.Image] = [:]
        for step in steps {
            guard let row = step.row else { continue }
            let image = try await table(step.table).read(row)
            images[RowPlace(table: step.table, row: row)] = image
            if step.table == plan.contacts.name { clocks[row] = image.map(plan.contacts.clocks) }
        }
        let comparison = StepComparison(
            steps: steps,
            read: { [images] in images[$0] },
            holds: { try self.holds($0, in: $1, self.table($2)) }
        )
        switch try comparison.standing() {
        case .after(let steps): return .done(steps)
        case .before(let steps): return .toDo(Work(rest: steps, clocks: clocks))
        case .neither:
            guard let (done, rest) = try comparison.interrupted() else { return .neither }
            return .toDo(Work(done: done, rest: rest, clocks: clocks))
        }
    }

    /// Steps whose rows are named: the journal has no name for a row that was added just before a crash. It is found by
    /// what it holds.
    ///
    /// - Returns: nil where only another row has its key.
    private func named(_ steps: [RowStep]) async throws -> [RowStep]? {
        var taken: Set<RowPlace> = []
        var result: [RowStep] = []
        for step in steps {
            var step = step
            if step.row == nil {
                guard let image = step.after ?? step.before, step.before == nil || step.after == nil else { return nil }
                let table = try table(step.table)
                let candidates = try await table.rows(like: image)
                    .filter { !taken.contains(RowPlace(table: step.table, row: $0.name)) }
                if let found = candidates.first(where: { holds(image, in: $0.image, table) }) {
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
}
