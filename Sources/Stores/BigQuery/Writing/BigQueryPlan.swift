import Contacts
import Fingerprint

/// What writing needs to know of the store; the same for all batches.
struct BigQueryPlan: Sendable {
    let layout: BigQueryLayout
    let contacts: BigQueryTarget
    let identifiers: BigQueryTarget?

    init(_ layout: BigQueryLayout) {
        self.layout = layout
        contacts = BigQueryTarget(contacts: layout)
        identifiers = layout.child.map { BigQueryTarget(child: $0) }
    }

    /// The table that a step names; nil where it is neither of the two.
    func target(_ table: String) -> BigQueryTarget? {
        if table == contacts.table.name { return contacts }
        return table == identifiers?.table.name ? identifiers : nil
    }

    /// Rows of a table, from a result of `BigQueryTarget.rows`.
    static func rows(of target: BigQueryTarget, _ result: [[JSONValue]]) -> [String: [BigQueryState.Row]] {
        var rows: [String: [BigQueryState.Row]] = [:]
        var counts: [String: Int] = [:]
        for line in result {
            let values = zip(target.table.columns, line.dropFirst()).map { $0.type.value($1) }
            let names = target.names.map { values[$0] }
            guard let key = BigQueryKeys.text(names[0], in: target.key) else { continue }
            let base = BigQueryRowName.row(names, ordinal: 1).description
            counts[base, default: 0] += 1
            let row = BigQueryState.Row(
                row: BigQueryRowName.row(names, ordinal: counts[base] ?? 1),
                base: base,
                values: values,
                hash: line[0].string ?? ""
            )
            rows[key, default: []].append(row)
        }
        return rows
    }

    /// A contact's row as a session hands it over.
    func record(_ row: BigQueryState.Row, _ key: String, _ state: BigQueryState) -> ContactRecord {
        let values = layout.sources.map { source -> RawValue in
            switch source {
            case .column(let place): layout.contacts.places[layout.columns[place].name].map { row.values[$0] } ?? .null
            case .child(let type): list(type, of: state.identifiers[key] ?? [])
            }
        }
        return ContactRecord(row: row.row, values: values)
    }

    private func list(_ type: String, of rows: [BigQueryState.Row]) -> RawValue {
        guard let places = BigQueryIdentifierPlaces(self) else { return .null }
        let own = places.inOrder(rows.filter { $0.values[places.type] == .text(type) })
        guard !own.isEmpty else { return .null }
        return .list(
            own.map { $0.values[places.value] },
            primary: own.firstIndex { places.isPrimary($0.values) }
        )
    }

    /// The records that may be the contact of a change: those of its rows first, then those of its key.
    func records(of change: RecordChange, _ state: BigQueryState, _ canonicalKey: CanonicalKey) -> [ContactRecord] {
        var result: [ContactRecord] = []
        var seen: Set<RowID> = []
        func add(_ row: BigQueryState.Row, _ key: String) {
            guard result.count < RecordRequest.maximumRecords, seen.insert(row.row).inserted else { return }
            result.append(record(row, key, state))
        }
        for name in change.rows {
            guard let key = key(of: name), let row = state.contacts[key]?.first(where: { $0.row == name }) else {
                continue
            }
            add(row, key)
        }
        for key in BigQueryKeys.spellings(of: change.key, in: layout.key) {
            for row in state.contacts[key] ?? [] {
                let text = row.values[contacts.names[0]].withCell { canonicalKey.text(of: $0) }
                if text == Array(change.key.utf8) { add(row, key) }
            }
        }
        return result
    }

    /// The text of the key that a contact's row is named by; nil where it has none.
    func key(of row: RowID) -> String? {
        BigQueryRowName.key(of: row).flatMap { BigQueryKeys.text($0, in: layout.key) }
    }
}

/// Where the columns of the table of identifiers are, and how its rows mark their primary member.
struct BigQueryIdentifierPlaces: Sendable {
    let contact: Int
    let type: Int
    let value: Int
    let normalized: Int?
    let primary: Int?

    init?(_ plan: BigQueryPlan) {
        guard let target = plan.identifiers else { return nil }
        contact = target.names[0]
        type = target.names[1]
        value = target.names[2]
        normalized = target.table.place("identifier_normalized")
        primary = target.table.place("is_primary")
    }

    func isPrimary(_ values: [RawValue]) -> Bool {
        primary.map { IdentifierFlags.isMark(values[$0]) } ?? false
    }

    /// Rows in the order in which a session lists them: the primary ones first, then by their values.
    func inOrder(_ rows: [BigQueryState.Row]) -> [BigQueryState.Row] {
        func bytes(_ row: BigQueryState.Row) -> [UInt8] {
            if case .text(let bytes) = row.values[value] { bytes } else { [] }
        }
        return rows.sorted { a, b in
            let (first, second) = (isPrimary(a.values), isPrimary(b.values))
            return first == second ? bytes(a).lexicographicallyPrecedes(bytes(b)) : first
        }
    }
}
