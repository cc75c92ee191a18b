import Contacts

extension SupabaseBatch {
    /// Compares a list of steps with the tables.
    ///
    /// - Returns: with what else must stand in rows of contacts when they are written.
    /// - Throws: `WriteRefusal`.
    func standing(of steps: [RowStep]) async throws -> (standing: StepStanding, clocks: [RowID: StoredRow.Image]) {
        guard let steps = try await named(steps) else { return (.neither, [:]) }
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
        return (try comparison.standing(), clocks)
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
