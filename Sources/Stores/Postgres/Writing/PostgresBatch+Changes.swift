import Contacts

extension PostgresBatch {
    /// A change that is to be carried out, and the records that may be its contact.
    struct Accepted: Sendable {
        let index: Int
        let change: RecordChange
        let records: [ContactRecord]
    }

    /// What becomes of a change: steps, none where everything is so already; nil where the record is not there.
    typealias Planned = Result<[RowStep]?, WriteRefusal>

    /// Rows of identifiers by the text of the key that their column holds.
    typealias Children = [[UInt8]: [StoredRow]]

    /// What changes write, from what stands in the tables: of an update the columns that become other ones.
    func steps(of changes: [Accepted]) throws -> [Planned] {
        var written: [Result<Written?, WriteRefusal>] = []
        for one in changes {
            do throws(WriteRefusal) {
                written.append(.success(try columns(of: one)))
            } catch {
                written.append(.failure(error))
            }
        }
        let columns = written.flatMap { (try? $0.get())?.columns ?? [] }
        try conversion.prepare(
            columns.map { PostgresConversion.Wanted(column: plan.contacts.columns[$0.place], value: $0.value) }
                + members(of: changes.map(\.change))
        )
        let children = try children(of: changes)
        return try zip(changes, written)
            .map { one, written in
                do {
                    return .success(try steps(of: one, try written.get(), children))
                } catch let refusal as WriteRefusal {
                    return .failure(refusal)
                }
            }
    }

    private func steps(of one: Accepted, _ written: Written?, _ children: Children) throws -> [RowStep]? {
        switch one.change.action {
        case .insert: return try insertion(one.change, written?.columns ?? [], children)
        case .update:
            guard let written, let record = written.record else { return nil }
            return try update(one.change, record, written.columns, children)
        case .remove:
            return try one.change.removal(
                of: one.records.map { ($0.row, key(of: $0)) },
                identifiers: { key in
                    Self.rows(of: key, children).map { $0.removal(from: plan.identifiers?.name ?? "") }
                },
                contact: { try contacts.read($0)?.removal(from: contacts.table.name) }
            )
        }
    }

    // MARK: Columns

    /// The columns that a change writes, each with a field that reads it, and the record that it updates.
    struct Written {
        var record: ContactRecord?
        var columns: [(field: Int, place: Int, value: RawValue)] = []
    }

    private func columns(of one: Accepted) throws(WriteRefusal) -> Written? {
        switch one.change.action {
        case .remove: return nil
        case .insert: return Written(columns: try written(one.change) { _ in .null })
        case .update:
            guard let row = one.change.rows.first, let record = one.records.first(where: { $0.row == row }) else {
                return nil
            }
            return Written(record: record, columns: try written(one.change) { record.values[$0] })
        }
    }

    private func written(_ change: RecordChange, _ current: (Int) -> RawValue) throws(WriteRefusal)
        -> [(field: Int, place: Int, value: RawValue)]
    {
        try plan.layout.resolved
            .written(by: change, in: plan.contacts.name, places: plan.places, current: current)
    }

    // MARK: Steps

    private func insertion(
        _ change: RecordChange,
        _ columns: [(field: Int, place: Int, value: RawValue)],
        _ children: Children
    ) throws -> [RowStep] {
        var after: StoredRow.Image = [:]
        for (_, place, value) in columns {
            let column = plan.contacts.columns[place]
            after[column.name] = try conversion.stored(value, column)
        }
        let key = after[plan.layout.key.name] ?? .null
        guard key != .null else { throw WriteRefusal("a contact of table \(plan.contacts.name) needs a key") }
        let step = RowStep(table: plan.contacts.name, row: plan.contacts.name(of: after), before: nil, after: after)
        return [step] + (try identifierSteps(of: change, key: key, children))
    }

    private func update(
        _ change: RecordChange,
        _ record: ContactRecord,
        _ columns: [(field: Int, place: Int, value: RawValue)],
        _ children: Children
    ) throws -> [RowStep] {
        var before: StoredRow.Image = [:]
        var after: StoredRow.Image = [:]
        for (field, place, value) in columns {
            let column = plan.contacts.columns[place]
            let value = try conversion.stored(value, column)
            guard value != record.values[field] else { continue }
            if plan.contacts.names.kind != .place, plan.contacts.namePlaces.contains(place) {
                throw WriteRefusal(
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
        let key = key(of: record)
        let newKey = after[plan.layout.key.name] ?? key
        if newKey != key, let identifiers, !Self.rows(of: key, children).isEmpty {
            throw WriteRefusal("rows of table \(identifiers.table.name) belong to the key that would become another")
        }
        return steps + (try identifierSteps(of: change, key: newKey, children))
    }
}
