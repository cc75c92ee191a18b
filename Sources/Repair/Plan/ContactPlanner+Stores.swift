import Contacts
import Fingerprint
import Reconcile

extension ContactPlanner {
    /// Whose sync metadata goes with canonical's record as it will be: that of a side which holds all of it, or that of a
    /// merged value.
    func seniority(of final: CanonicalContact, _ decision: ContactDecision) -> Seniority {
        let canonical = kit.stores[0]
        let fields = kit.fields.map(\.name).filter { !decision.open.contains($0) }
        if let own = sides[0].sound?.contact, sides[0].isAlive,
            fields.allSatisfy({ canonical.ownText($0, own) == canonical.ownText($0, final) })
        {
            return .side(0)
        }
        let holders = decision.group.filter { number in
            guard let own = sides[number].sound?.contact else { return false }
            let store = kit.stores[number]
            return fields.allSatisfy { field in
                guard let place = store.sharedPlace(field), !sides[number].left.contains(field) else { return true }
                return own.texts[0][place] == final.texts[store.canonicalSet][place]
            }
        }
        guard decision.source.map(holders.contains) ?? false else { return .merged }
        let senior = holders.max { a, b in
            (sides[a].version, sides[a].lastUpdated, b) < (sides[b].version, sides[b].lastUpdated, a)
        }
        return senior.map { .side($0) } ?? .merged
    }

    /// Writes to a store what canonical will hold.
    mutating func write(
        _ final: PlanSide.Row,
        to store: PlannedStore,
        _ seniority: Seniority,
        _ decision: ContactDecision,
        after: [String]
    ) {
        let row = sides[store.number].row
        if planUnlinked(in: store, final, after: after) { return }
        if row == nil {
            guard !decision.isUndecided else { return }
            if kit.options.forgotten(request.contact) { return leaveForgotten(store) }
        }
        var wants = differing(final, from: store, decision)
        if sides[store.number].isDeleted {
            wants.append(WantedField(field: ContactSchema.Name.deletedAt, value: .null) { !$0.isDeleted })
        }
        guard row == nil || !wants.isEmpty else { return }
        let base = row?.record ?? empty(store)
        // A record without its key is not written at all.
        let first = edit(base, in: store, wants)
        leaveRefused(first?.refused ?? [], in: store)
        guard let first, !first.values.isEmpty else {
            if first == nil { plan.leave("it cannot be represented in \(store.name)", stores: [store.name]) }
            return
        }
        wants.removeAll { first.refused.contains($0.field) }
        let lost = wants.map(\.field).filter { $0 != ContactSchema.Name.deletedAt }
        if row == nil {
            wants += metadata(decision.carriesMetadata ? seniority : .side(0), for: store)
            wants += otherMetadata(of: final, for: store)
        } else if decision.carriesMetadata, first.refused.isEmpty {
            wants += metadata(seniority, for: store)
        }
        guard let edit = edit(base, in: store, wants) else { return }
        leaveRefused(edit.refused, in: store)
        _ = add(
            row == nil ? .insert : .update,
            in: store,
            from: row,
            edit,
            after: after,
            conflict: conflict(in: store, losing: lost, decision)
        )
    }

    /// The fields that a store holds otherwise than canonical will, its key included where it has no record.
    private func differing(_ final: PlanSide.Row, from store: PlannedStore, _ decision: ContactDecision)
        -> [WantedField]
    {
        let canonical = kit.stores[0]
        let side = sides[store.number]
        var wants: [WantedField] = []
        if side.row == nil, let key = canonical.source(ContactSchema.Name.key, of: final.record) {
            let text = Array(request.contact.utf8)
            wants.append(want(ContactSchema.Name.key, key, in: store) { $0.key == text })
        }
        for field in kit.fields.map(\.name) where !side.left.contains(field) {
            guard let place = store.sharedPlace(field), !decision.isUndecided else {
                // Only what was damaged is repaired.
                if !decision.open.contains(field) { wants += mending(field, in: store) }
                continue
            }
            // What is damaged in canonical goes nowhere, what a person decides stays as it is where there is a record.
            guard side.row == nil ? !sides[0].left.contains(field) : !decision.open.contains(field) else { continue }
            let text = final.contact.texts[store.canonicalSet][place]
            guard text != side.row?.contact.texts[0][place], let source = canonical.source(field, of: final.record)
            else { continue }
            wants.append(want(field, source, in: store) { $0.texts[0][place] == text })
        }
        return wants
    }

    /// The rest of what a record that is added gets: fields that are not compared, where both stores have them.
    func otherMetadata(of number: Int?, for store: PlannedStore) -> [WantedField] {
        number.flatMap { number in sides[number].row.map { otherMetadata(of: $0, in: kit.stores[number], for: store) } }
            ?? []
    }

    private func otherMetadata(of final: PlanSide.Row, for store: PlannedStore) -> [WantedField] {
        otherMetadata(of: final, in: kit.stores[0], for: store)
    }

    private func otherMetadata(of row: PlanSide.Row, in source: PlannedStore, for store: PlannedStore) -> [WantedField]
    {
        let own: Set = [
            ContactSchema.Name.version, ContactSchema.Name.lastUpdated, Self.lastUpdatedBy,
            ContactSchema.Name.deletedAt, ContactSchema.Name.checksum,
        ]
        return store.layout.fields.map(\.field)
            .filter { $0.role == .metadata && !own.contains($0.name) }
            .compactMap { field in
                guard let given = source.source(field.name, of: row.record),
                    kit.spelling.content(of: given.value, in: given.mapping).map({ $0 != .null }) ?? false
                else { return nil }
                let want = want(field.name, given, in: store) { _ in true }
                return want.value == nil ? nil : want
            }
    }

    // MARK: What is lost, and what is left

    /// What a store had changed and loses; nil where it loses nothing, or where a person said so.
    func conflict(in store: PlannedStore, losing fields: [String], _ decision: ContactDecision) -> RepairPlan.Conflict?
    {
        guard !decision.isTaken, let row = sides[store.number].row else { return nil }
        let stores = difference.suspect.stores
        let source = decision.source ?? 0
        let hasMoved =
            store.number == 0
            ? source > 0 && stores[source - 1].canonicalHasMoved : stores[store.number - 1].hasMoved
        guard hasMoved else { return nil }
        let united = Set(kit.fields.filter { $0.repair == .union && $0.type.member != nil }.map(\.name))
        var lost: [String: RawValue] = [:]
        for field in fields where !united.contains(field) && sides[store.number].mends[field] == nil {
            guard let place = store.place(field) else { continue }
            lost[field] = kit.content(store, place, row.record)
        }
        guard !lost.isEmpty else { return nil }
        let winner = source == store.number ? 0 : source
        return RepairPlan.Conflict(winner: kit.stores[winner].name, loser: store.name, fields: lost)
    }

    mutating func leaveForgotten(_ store: PlannedStore) {
        plan.leave("it was erased on demand and is not inserted again", stores: [store.name])
    }

    mutating func leaveRefused(_ fields: [String], in store: PlannedStore) {
        for field in fields {
            plan.leave("the value cannot be represented in \(store.name)", stores: [store.name], field: field)
        }
    }

    /// Fields of which nothing says who wins.
    mutating func leaveUndecided(_ fields: [String]) {
        let stores = difference.suspect.stores
        let hasMoved = stores.contains { $0.hasMoved }
        let concerned = kit.stores.filter { store in
            store.number == 0 || !stores[store.number - 1].isEqual
        }
        for field in fields {
            plan.leave(
                hasMoved ? "it changed on several sides" : "the stores differ, and nothing says which value is newer",
                stores: concerned.map(\.name),
                field: field
            )
        }
    }
}
