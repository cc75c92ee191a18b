import Contacts
import Fingerprint

extension PostgresBatch {
    /// A change that is to be carried out, and the records that may be its contact.
    struct Accepted: Sendable {
        let index: Int
        let change: RecordChange
        let records: [ContactRecord]
    }

    /// What becomes of a change: steps, none where everything is so already; nil where the record is not there.
    typealias Planned = Result<[RowStep]?, PostgresRefusal>

    /// What changes write, from what stands in the tables: of an update the columns that become other ones.
    func steps(of changes: [Accepted]) throws -> [Planned] {
        var written: [Result<Written?, PostgresRefusal>] = []
        for one in changes {
            do throws(PostgresRefusal) {
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
                } catch let refusal as PostgresRefusal {
                    return .failure(refusal)
                }
            }
    }

    private func steps(of one: Accepted, _ written: Written?, _ children: [[UInt8]: [PostgresTable.Row]]) throws
        -> [RowStep]?
    {
        switch one.change.action {
        case .insert: return try insertion(one.change, written?.columns ?? [], children)
        case .update:
            guard let written, let record = written.record else { return nil }
            return try update(one.change, record, written.columns, children)
        case .remove: return try removal(one.change, one.records, children)
        }
    }

    // MARK: Columns

    /// The columns that a change writes, by place, and the record that it updates.
    struct Written {
        var record: ContactRecord?
        var columns: [(place: Int, value: RawValue)] = []
    }

    private func columns(of one: Accepted) throws(PostgresRefusal) -> Written? {
        let change = one.change
        switch change.action {
        case .remove: return nil
        case .insert: return Written(columns: try written(change) { _ in .null })
        case .update:
            guard let row = change.rows.first, let record = one.records.first(where: { $0.row == row }) else {
                return nil
            }
            return Written(record: record, columns: try written(change) { record.values[$0] })
        }
    }

    /// The columns that a change writes; those inside JSON merged.
    ///
    /// - Parameter current: what a field's column holds.
    private func written(_ change: RecordChange, _ current: (Int) -> RawValue) throws(PostgresRefusal)
        -> [(place: Int, value: RawValue)]
    {
        var columns: [(place: Int, value: RawValue)] = []
        var paths: [Int] = []
        let fields = plan.layout.layout.fields
        for (index, value) in change.values.sorted(by: { $0.key < $1.key }) {
            guard case .column(let column) = plan.layout.sources[index] else { continue }
            let name = plan.layout.columns[column].name
            guard let place = plan.places[index] else {
                throw PostgresRefusal(
                    "column \(name) of table \(plan.contacts.name) is computed, and cannot be written"
                )
            }
            if !fields[index].path.isEmpty {
                paths.append(index)
            } else if let other = columns.first(where: { $0.place == place }) {
                guard other.value == value else {
                    throw PostgresRefusal("column \(name) of table \(plan.contacts.name) would get two values")
                }
            } else {
                columns.append((place, value))
            }
        }
        for index in paths {
            guard let place = plan.places[index], let member = change.values[index] else { continue }
            let known = columns.firstIndex { $0.place == place }
            let json = known.map { columns[$0].value } ?? current(index)
            guard let edited = RecordEdit.setting(fields[index].path, to: member, in: json) else {
                throw PostgresRefusal(
                    "column \(plan.contacts.columns[place].name) of table \(plan.contacts.name) holds no JSON object in"
                        + " which \(fields[index].path.joined(separator: ".")) could be set to that"
                )
            }
            if let known { columns[known].value = edited } else { columns.append((place, edited)) }
        }
        return columns
    }

    // MARK: Steps

    private func insertion(
        _ change: RecordChange,
        _ columns: [(place: Int, value: RawValue)],
        _ children: [[UInt8]: [PostgresTable.Row]]
    ) throws -> [RowStep] {
        var after: [String: RawValue] = [:]
        for (place, value) in columns {
            let column = plan.contacts.columns[place]
            after[column.name] = try conversion.stored(value, column)
        }
        let key = after[plan.layout.key.name] ?? .null
        guard key != .null else { throw PostgresRefusal("a contact of table \(plan.contacts.name) needs a key") }
        var steps = [
            RowStep(table: plan.contacts.name, row: plan.contacts.name(of: after), before: nil, after: after)
        ]
        try addIdentifiers(of: change, key: key, children, to: &steps)
        return steps
    }

    private func update(
        _ change: RecordChange,
        _ record: ContactRecord,
        _ columns: [(place: Int, value: RawValue)],
        _ children: [[UInt8]: [PostgresTable.Row]]
    ) throws -> [RowStep] {
        var before: [String: RawValue] = [:]
        var after: [String: RawValue] = [:]
        for (place, value) in columns {
            let column = plan.contacts.columns[place]
            guard let field = plan.places.firstIndex(of: place) else { continue }
            let value = try conversion.stored(value, column)
            guard value != record.values[field] else { continue }
            if plan.contacts.names.kind != .place, plan.contacts.namePlaces.contains(place) {
                throw PostgresRefusal(
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
        if newKey != key, let identifiers, let text = keyText(of: record), children[text]?.isEmpty == false {
            throw PostgresRefusal(
                "rows of table \(identifiers.table.name) belong to the key that would become another"
            )
        }
        try addIdentifiers(of: change, key: newKey, children, to: &steps)
        return steps
    }

    /// Rows of identifiers first, since they may refer to the contact's; those that another record reads stay.
    private func removal(
        _ change: RecordChange,
        _ records: [ContactRecord],
        _ children: [[UInt8]: [PostgresTable.Row]]
    ) throws -> [RowStep]? {
        let going = Set(change.rows)
        var steps: [RowStep] = []
        if let identifiers {
            let staying = records.filter { !going.contains($0.row) }.compactMap(keyText)
            var seen = Set(staying.flatMap { children[$0] ?? [] }.map(\.name))
            for key in records.filter({ going.contains($0.row) }).compactMap(keyText) {
                for row in children[key] ?? [] where seen.insert(row.name).inserted {
                    let before = identifiers.table.image(row.values)
                    steps.append(RowStep(table: identifiers.table.name, row: row.name, before: before, after: nil))
                }
            }
        }
        var isThere = false
        for record in records where going.contains(record.row) {
            guard let row = try contacts.read(record.row) else { continue }
            isThere = true
            let before = contacts.table.image(row.values)
            steps.append(RowStep(table: contacts.table.name, row: row.name, before: before, after: nil))
        }
        return isThere ? steps : nil
    }
}
