import Contacts
import Fingerprint

extension SQLiteBatch {
    /// What a change writes, from what stands in the tables: of an update the columns that become other ones.
    ///
    /// - Parameter records: of the change, as `fetch` gave them.
    /// - Returns: nil where the record is not there; empty where everything is so already.
    /// - Throws: `SQLiteRefusal`.
    func steps(of change: RecordChange, _ records: [ContactRecord]) throws -> [RowStep]? {
        switch change.action {
        case .insert: return try insertion(change)
        case .update:
            guard let row = change.rows.first, let record = records.first(where: { $0.row == row }) else { return nil }
            return try update(change, record)
        case .remove: return try removal(change, records)
        }
    }

    private func insertion(_ change: RecordChange) throws -> [RowStep] {
        let columns = try written(change) { _ in .null }
        var after: [String: RawValue] = [:]
        for (place, value) in columns {
            let column = plan.contacts.columns[place]
            after[column.name] = try conversion.stored(value, column.affinity)
        }
        let key = after[plan.layout.keyColumn] ?? .null
        guard key != .null else { throw SQLiteRefusal("a contact of table \(plan.contacts.name) needs a key") }
        var steps = [RowStep(table: plan.contacts.name, row: contacts.name(of: after), before: nil, after: after)]
        try addIdentifiers(of: change, key: key, to: &steps)
        return steps
    }

    private func update(_ change: RecordChange, _ record: ContactRecord) throws -> [RowStep] {
        let columns = try written(change) { record.values[$0] }
        var before: [String: RawValue] = [:]
        var after: [String: RawValue] = [:]
        for (place, value) in columns {
            let column = plan.contacts.columns[place]
            guard let field = plan.places.firstIndex(of: place) else { continue }
            let value = try conversion.stored(value, column.affinity)
            guard value != record.values[field] else { continue }
            if place == plan.contacts.rowNumberColumn || plan.contacts.nameColumns.contains(place) {
                throw SQLiteRefusal(
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
        let newKey = after[plan.layout.keyColumn] ?? key
        if newKey != key, let identifiers, try !identifiers.rows(where: ["contact_id"], are: [key]).isEmpty {
            throw SQLiteRefusal("rows of table \(identifiers.table.name) belong to the key that would become another")
        }
        try addIdentifiers(of: change, key: newKey, to: &steps)
        return steps
    }

    /// The columns that a change writes, by place, each with its value; those inside JSON merged.
    ///
    /// - Parameter current: what a field's column holds.
    private func written(_ change: RecordChange, _ current: (Int) -> RawValue) throws
        -> [(place: Int, value: RawValue)]
    {
        var columns: [(place: Int, value: RawValue)] = []
        var paths: [Int] = []
        let fields = plan.layout.layout.fields
        for (index, value) in change.values {
            guard case .column(let column) = plan.layout.sources[index] else { continue }
            guard let place = plan.places[index] else {
                throw SQLiteRefusal(
                    "column \(plan.layout.columns[column]) of table \(plan.contacts.name) is computed, and cannot be written"
                )
            }
            if !fields[index].path.isEmpty {
                paths.append(index)
                continue
            }
            if let other = columns.first(where: { $0.place == place }) {
                guard other.value == value else {
                    throw SQLiteRefusal(
                        "column \(plan.layout.columns[column]) of table \(plan.contacts.name) would get two values"
                    )
                }
            } else {
                columns.append((place, value))
            }
        }
        for index in paths.sorted() {
            guard let place = plan.places[index], let member = change.values[index] else { continue }
            let known = columns.firstIndex { $0.place == place }
            let json = known.map { columns[$0].value } ?? current(index)
            guard let edited = RecordEdit.setting(fields[index].path, to: member, in: json) else {
                throw SQLiteRefusal(
                    "column \(plan.contacts.columns[place].name) of table \(plan.contacts.name) holds no JSON object in"
                        + " which \(fields[index].path.joined(separator: ".")) could be set to that"
                )
            }
            if let known { columns[known].value = edited } else { columns.append((place, edited)) }
        }
        return columns
    }

    /// A record's key as its column holds it.
    private func key(of record: ContactRecord) -> RawValue {
        plan.layout.layout.index(of: ContactSchema.Name.key).map { record.values[$0] } ?? .null
    }

    /// Rows of identifiers first, since they may refer to the contact's; those that another record reads stay.
    private func removal(_ change: RecordChange, _ records: [ContactRecord]) throws -> [RowStep]? {
        let going = Set(change.rows)
        var steps: [RowStep] = []
        if let identifiers {
            var staying: Set<RowID> = []
            for record in records where !going.contains(record.row) {
                let own = try identifiers.rows(where: ["contact_id"], are: [key(of: record)])
                staying.formUnion(own.map(\.row))
            }
            for record in records where going.contains(record.row) {
                for (row, values) in try identifiers.rows(where: ["contact_id"], are: [key(of: record)])
                where staying.insert(row).inserted {
                    let before = identifiers.image(values)
                    steps.append(RowStep(table: identifiers.table.name, row: row, before: before, after: nil))
                }
            }
        }
        var isThere = false
        for record in records where going.contains(record.row) {
            guard let values = try contacts.read(record.row) else { continue }
            isThere = true
            let before = contacts.image(values)
            steps.append(RowStep(table: contacts.table.name, row: record.row, before: before, after: nil))
        }
        return isThere ? steps : nil
    }
}
