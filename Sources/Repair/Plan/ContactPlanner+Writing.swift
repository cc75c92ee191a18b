import Contacts
import Fingerprint

extension ContactPlanner {
    /// The record with the wanted fields written, those left out that do not read back as they are wanted.
    ///
    /// - Returns: nil where it would have no key.
    func edit(_ record: ContactRecord, in store: PlannedStore, _ wants: [WantedField]) -> RecordDraft? {
        var left = wants.filter { $0.value != nil && store.place($0.field) != nil }
        while true {
            var values: [Int: RawValue] = [:]
            for want in left { if let place = store.place(want.field) { values[place] = want.value } }
            guard let raw = RecordEdit.applying(values, to: record.values, layout: store.layout) else {
                // A column that holds no JSON object has no place for members.
                let whole = left.filter { store.place($0.field).map { store.layout.fields[$0].path.isEmpty } ?? false }
                guard whole.count < left.count else { return nil }
                left = whole
                continue
            }
            let written = ContactRecord(row: record.row, values: raw)
            guard let contact = store.contact(written) else { return nil }
            let met = left.filter { $0.isMet(contact) }
            if met.count < left.count {
                left = met
                continue
            }
            let kept = Set(left.map(\.field))
            let edit = RecordDraft(
                values: values,
                record: written,
                contact: contact,
                refused: wants.map(\.field).filter { !kept.contains($0) }
            )
            return withChecksum(edit, over: record, in: store)
        }
    }

    /// The edit with the row's checksum, where the store keeps one that is right.
    private func withChecksum(_ edit: RecordDraft, over record: ContactRecord, in store: PlannedStore) -> RecordDraft {
        guard let place = store.place(ContactSchema.Name.checksum),
            let contact = store.contact(record) ?? store.unlinked(record),
            let held = store.checksum(like: record.values[place], of: contact), held == record.values[place],
            let value = store.checksum(like: held, of: edit.contact), value != held, !edit.values.isEmpty
        else { return edit }
        var values = edit.values
        values[place] = value
        var raw = edit.record.values
        raw[place] = value
        return RecordDraft(
            values: values,
            record: ContactRecord(row: record.row, values: raw),
            contact: edit.contact,
            refused: edit.refused
        )
    }

    /// The sync metadata that a store gets with new values.
    func metadata(_ seniority: Seniority, for store: PlannedStore) -> [WantedField] {
        switch seniority {
        case .side(store.number): return []
        case .side(let number): return metadata(of: number, version: sides[number].version, for: store)
        case .merged:
            let alive = sides.indices.filter { sides[$0].isAlive }
            let highest = alive.map { sides[$0].version }.max() ?? .min
            let latest = alive.max { (sides[$0].lastUpdated, $1) < (sides[$1].lastUpdated, $0) }
            let version = highest == .min || highest == .max ? highest : highest + 1
            return latest.map { metadata(of: $0, version: version, for: store) } ?? []
        }
    }

    static let lastUpdatedBy = "last_updated_by"

    /// - Parameters:
    ///   - number: of the side that says when and by whom the contact was changed.
    ///   - version: `Int64.min` where there is none.
    private func metadata(of number: Int, version: Int64, for store: PlannedStore) -> [WantedField] {
        guard let row = sides[number].row else { return [] }
        var wants: [WantedField] = []
        if version != .min, version != sides[store.number].version, let place = store.place(ContactSchema.Name.version)
        {
            let mapping = FieldMapping(store.layout.fields[place].field)
            let source = FieldSource(value: .integer(version), mapping: mapping)
            wants.append(want(mapping.field.name, source, in: store) { $0.version == version })
        }
        for name in [ContactSchema.Name.lastUpdated, Self.lastUpdatedBy] {
            guard let source = kit.stores[number].source(name, of: row.record), store.place(name) != nil,
                kit.spelling.content(of: source.value, in: source.mapping).map({ $0 != .null }) ?? false
            else { continue }
            let isKnown = name == ContactSchema.Name.lastUpdated && row.contact.lastUpdated != .min
            if isKnown, row.contact.lastUpdated == sides[store.number].lastUpdated { continue }
            let want = want(name, source, in: store) { _ in true }
            if want.value != nil, !stands(want, in: store) { wants.append(want) }
        }
        return wants
    }

    /// Whether a store's record would stay as it is.
    private func stands(_ want: WantedField, in store: PlannedStore) -> Bool {
        guard let record = sides[store.number].row?.record, let place = store.place(want.field), let value = want.value
        else { return false }
        return RecordEdit.applying([place: value], to: record.values, layout: store.layout) == record.values
    }

    /// A field that is to get another store's value.
    func want(
        _ field: String,
        _ source: FieldSource,
        in store: PlannedStore,
        isMet: @escaping (CanonicalContact) -> Bool
    ) -> WantedField {
        let record = sides[store.number].row?.record
        let value = store.place(field).flatMap { kit.spelled(source, for: store, $0, over: record) }
        return WantedField(field: field, value: value, isMet: isMet)
    }

    // MARK: Operations

    /// Where a record is.
    func locator(of record: ContactRecord, in store: PlannedStore, others: [RowID] = []) -> RepairPlan.Locator {
        let key = store.place(ContactSchema.Name.key).map { record.values[$0] }
        return RepairPlan.Locator(key: key, row: record.row, others: others)
    }

    /// Adds the operation that turns a row into what an edit leaves of it; nil: that adds a record.
    mutating func add(
        _ action: RepairProposal.Action,
        in store: PlannedStore,
        from row: PlanSide.Row?,
        _ edit: RecordDraft,
        after: [String],
        conflict: RepairPlan.Conflict? = nil
    ) -> String {
        var fields: [String: RepairPlan.Change] = [:]
        for (place, value) in edit.values {
            let from = row.map { kit.content(store, place, $0.record) } ?? .null
            fields[store.layout.fields[place].field.name] = RepairPlan.Change(from: from, to: value)
        }
        return add(
            action,
            in: store,
            locator: row.map { locator(of: $0.record, in: store) },
            fields: fields,
            expect: row.map { store.state($0.contact) },
            leave: store.state(edit.contact),
            after: after,
            conflict: conflict
        )
    }

    /// Adds an operation and returns its id.
    @discardableResult
    mutating func add(
        _ action: RepairProposal.Action,
        in store: PlannedStore,
        locator: RepairPlan.Locator?,
        fields: [String: RepairPlan.Change],
        expect: String?,
        leave: String?,
        after: [String] = [],
        conflict: RepairPlan.Conflict? = nil
    ) -> String {
        var operation = RepairPlan.Operation(
            id: "",
            store: store.name,
            action: action,
            contact: request.contact,
            locator: locator,
            guard: store.store.guard,
            fields: fields,
            expect: expect,
            leave: leave,
            after: after + (merges[store.number].map { [$0] } ?? []),
            because: request.because,
            conflict: conflict
        )
        operation.id = OperationID.of(operation)
        plan.operations.append(operation)
        return operation.id
    }
}
