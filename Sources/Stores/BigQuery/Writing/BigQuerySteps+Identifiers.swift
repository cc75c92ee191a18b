import Contacts
import Fingerprint

extension BigQuerySteps {
    /// Adds what a change makes of the contact's rows of identifiers.
    ///
    /// - Parameter key: of the contact, as a text.
    func addIdentifiers(of change: RecordChange, key: String, to steps: inout [RowStep]) throws {
        for list in plan.layout.resolved.identifiers(of: change) { try addIdentifiers(list, key, to: &steps) }
    }

    /// Rows whose value is wanted stay, with whatever else they hold; others go, and those that are missing are added.
    private func addIdentifiers(_ list: IdentifierList, _ key: String, to steps: inout [RowStep]) throws {
        guard let target = plan.identifiers, let places = BigQueryIdentifierPlaces(plan) else { return }
        let table = target.table
        guard target.held([key]) == [key] else {
            throw WriteRefusal("column \(target.key.name) of table \(table.name) cannot hold the contact's key")
        }
        var (wanted, primary) = try members(list.value, list.type, table.columns[places.value])
        if list.holdsOne, primary == nil, !wanted.isEmpty { primary = 0 }
        if list.holdsOne, places.primary == nil, wanted.count > 1 {
            throw WriteRefusal("table \(table.name) has no is_primary column, so that no \(list.type) can be put first")
        }
        let all = (state.identifiers[key] ?? []).filter { $0.values[places.type] == .text(list.type) }
        let found = places.inOrder(all)
        var rowOfMember: [Int?] = Array(repeating: nil, count: wanted.count)
        for (index, row) in found.enumerated() {
            let member = wanted.indices.first { rowOfMember[$0] == nil && wanted[$0] == row.values[places.value] }
            if let member {
                rowOfMember[member] = index
            } else {
                steps.append(
                    RowStep(table: table.name, row: row.row, before: target.image(row.values), after: nil)
                )
            }
        }
        // The mark moves only where another member is to have it.
        let marked = found.firstIndex { places.isPrimary($0.values) }
        let marksAnew = primary != nil && marked.flatMap { row in rowOfMember.firstIndex(of: row) } != primary
        for (member, row) in rowOfMember.enumerated() {
            let isPrimary = member == primary
            guard let row else {
                let after = try newRow(list.type, wanted[member], key, isPrimary, target, places)
                let name = target.nameValues(after).map { newName($0, in: table.name, found, steps) }
                steps.append(RowStep(table: table.name, row: name, before: nil, after: after))
                continue
            }
            guard marksAnew, let place = places.primary, places.isPrimary(found[row].values) != isPrimary else {
                continue
            }
            let column = table.columns[place]
            let flag = try column.flag(isPrimary, texts)
            steps.append(
                RowStep(
                    table: table.name,
                    row: found[row].row,
                    before: [column.name: found[row].values[place]],
                    after: [column.name: flag]
                )
            )
        }
    }

    private func members(_ value: RawValue, _ type: String, _ column: BigQueryColumn) throws -> ([RawValue], Int?) {
        switch value {
        case .null: return ([], nil)
        case .list(let members, let primary):
            let stored = try members.map { try column.stored($0, texts) }
            guard !stored.contains(.null) else { throw WriteRefusal("an \(type) without a value is not written") }
            return (stored, primary)
        default: throw WriteRefusal("the table of identifiers takes a list of \(type)s, not a single value")
        }
    }

    /// The name of a row that is added beside those that are there and those that are added already.
    private func newName(
        _ values: [RawValue],
        in table: String,
        _ found: [BigQueryState.Row],
        _ steps: [RowStep]
    ) -> RowID {
        let base = BigQueryRowName.row(values, ordinal: 1).description
        let going = Set(steps.filter { $0.table == table && $0.after == nil }.compactMap(\.row))
        let staying = found.filter { $0.base == base && !going.contains($0.row) }.count
        let added = steps.filter { $0.table == table && $0.before == nil && $0.row.map(BigQueryState.base) == base }
            .count
        return BigQueryRowName.row(values, ordinal: staying + added + 1)
    }

    /// The columns of a row that is added; what else the table has is left to its defaults.
    private func newRow(
        _ type: String,
        _ value: RawValue,
        _ key: String,
        _ isPrimary: Bool,
        _ target: BigQueryTarget,
        _ places: BigQueryIdentifierPlaces
    ) throws -> [String: RawValue] {
        var after: [String: RawValue] = [:]
        func set(_ place: Int, _ value: RawValue) throws {
            let column = target.table.columns[place]
            after[column.name] = try column.stored(value, texts)
        }
        try set(places.contact, .text(key))
        try set(places.type, .text(type))
        try set(places.value, value)
        if let primary = places.primary {
            let column = target.table.columns[primary]
            after[column.name] = try column.flag(isPrimary, texts)
        }
        if let normalized = places.normalized {
            let text = texts.text(of: value, as: type == "phone" ? .phone : .email)
            let isRequired = target.table.columns[normalized].isRequired
            try set(normalized, text.map { .text($0) } ?? (isRequired ? value : .null))
        }
        for column in target.table.columns where column.isRequired && !column.hasDefault && after[column.name] == nil {
            throw WriteRefusal("column \(column.name) of table \(target.table.name) must not be NULL")
        }
        return after
    }
}

extension BigQueryColumn {
    /// A flag as the column spells one.
    fileprivate func flag(_ isSet: Bool, _ texts: BigQueryCanonicalForm) throws -> RawValue {
        switch type {
        case .bool, .string: try stored(.text(isSet ? "true" : "false"), texts)
        default: try stored(.integer(isSet ? 1 : 0), texts)
        }
    }
}
