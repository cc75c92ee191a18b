import Contacts
import Fingerprint
import Reconcile

extension ContactPlanner {
    /// Writes the winning value to canonical, and from there to all others.
    mutating func planValue(_ winner: Winner, isTaken: Bool) {
        var decision = decision(winner, isTaken: isTaken)
        guard isTaken || !sides.contains(where: \.isDeleted) else {
            plan.leave(
                "it is deleted on one side and alive on another: take one side's value",
                stores: names { !$0.rows.isEmpty }
            )
            return
        }
        let canonical = kit.stores[0]
        if sides[0].row == nil, kit.options.forgotten(request.contact) { return leaveForgotten(canonical) }
        let wants = canonicalWants(&decision)
        guard let edit = edit(sides[0].row?.record ?? empty(canonical), in: canonical, wants) else {
            plan.leave("it cannot be represented in \(canonical.name)", stores: [canonical.name])
            return
        }
        leaveRefused(edit.refused, in: canonical)
        // Without what canonical cannot hold, the next plan would take canonical's record for the better one.
        if sides[0].row == nil, !edit.refused.isEmpty { return }
        decision.open.formUnion(edit.refused)
        decision.carriesMetadata = edit.refused.isEmpty && !decision.isUndecided
        let seniority = seniority(of: edit.contact, decision)
        var final = PlanSide.Row(record: edit.record, contact: edit.contact)
        var after: [String] = []
        if !edit.values.isEmpty {
            let others = sides[0].row == nil ? otherMetadata(of: decision.source, for: canonical) : []
            let own = decision.carriesMetadata ? metadata(seniority, for: canonical) : []
            let wants = wants.filter { !edit.refused.contains($0.field) }
            guard
                let edit = self.edit(
                    sides[0].row?.record ?? empty(canonical),
                    in: canonical,
                    wants + own + others
                )
            else { return }
            leaveRefused(edit.refused, in: canonical)
            final = PlanSide.Row(record: edit.record, contact: edit.contact)
            let operation = add(
                sides[0].row == nil ? .insert : .update,
                in: canonical,
                from: sides[0].row,
                edit,
                after: [],
                conflict: conflict(in: canonical, losing: wants.map(\.field), decision)
            )
            after = [operation]
        }
        for store in kit.stores.dropFirst() { write(final, to: store, seniority, decision, after: after) }
    }

    private func decision(_ winner: Winner, isTaken: Bool) -> ContactDecision {
        switch winner {
        case .store(let store):
            let own = difference.suspect.stores
            let equal = own.indices.filter { other in
                other != store && !isTaken && own[other].side.isAlive && !own[other].isEqual
                    && (own[other].base == nil || own[other].hasMoved)
                    && difference.areEqual(store, other, sets: kit.sets)
            }
            return ContactDecision(source: store + 1, group: [store + 1] + equal.map { $0 + 1 }, isTaken: isTaken)
        case .canonical: return ContactDecision(source: 0, group: [], isTaken: isTaken)
        case .deletion, .manual: return ContactDecision(source: nil, group: [], isTaken: isTaken)
        }
    }

    // MARK: Canonical

    /// What canonical is to get. Fields that are written nowhere are noted.
    private mutating func canonicalWants(_ decision: inout ContactDecision) -> [WantedField] {
        let canonical = kit.stores[0]
        var wants: [WantedField] = []
        var undecided: [String] = []
        for field in kit.fields where canonical.place(field.name) != nil {
            let contested = contested(field.name)
            if sides[0].left.contains(field.name) {
                decision.open.insert(field.name)
                continue
            }
            switch sides[0].row == nil && field.repair != .union ? .winner : field.repair {
            case .manual where !contested.isEmpty && !decision.isTaken:
                decision.open.insert(field.name)
                plan.leave(
                    "it is repaired by hand (repair: manual)",
                    stores: [canonical.name] + contested.map { kit.stores[$0].name },
                    field: field.name
                )
            case .manual where !decision.isTaken: wants += mending(field.name, in: canonical)
            case .canonical where !decision.isTaken: wants += mending(field.name, in: canonical)
            case .union where !decision.isTaken && isUnited(field):
                wants += united(field, contested) ?? mending(field.name, in: canonical)
            case .canonical, .manual, .union, .winner:
                if decision.source == nil, !contested.isEmpty {
                    decision.open.insert(field.name)
                    undecided.append(field.name)
                } else {
                    wants += winning(field.name, decision) ?? mending(field.name, in: canonical)
                }
            }
        }
        if !undecided.isEmpty {
            decision.isUndecided = true
            leaveUndecided(undecided)
            return kit.fields.map(\.name).filter { !decision.open.contains($0) }.flatMap { mending($0, in: canonical) }
        }
        guard let source = decision.source, !(sides[0].isAlive) else { return wants }
        return wants + revival(in: canonical, from: source)
    }

    /// What brings a record to life in a store: its key where there is none, no time of deletion where it was deleted.
    private func revival(in store: PlannedStore, from source: Int) -> [WantedField] {
        if sides[store.number].row != nil {
            return [WantedField(field: ContactSchema.Name.deletedAt, value: .null) { !$0.isDeleted }]
        }
        guard let record = sides[source].row?.record else { return [] }
        return key(of: record, in: kit.stores[source], for: store)
    }

    private func key(of record: ContactRecord, in source: PlannedStore, for store: PlannedStore) -> [WantedField] {
        guard let key = source.source(ContactSchema.Name.key, of: record) else { return [] }
        let text = Array(request.contact.utf8)
        return [want(ContactSchema.Name.key, key, in: store) { $0.key == text }]
    }

    /// The numbers of the stores that hold another value of a field than canonical; damaged ones hold none.
    private func contested(_ field: String) -> [Int] {
        kit.stores.dropFirst()
            .filter { store in
                guard let sound = sides[store.number].sound, sides[store.number].isAlive,
                    !sides[store.number].left.contains(field), let place = store.sharedPlace(field)
                else { return false }
                return sound.contact.texts[0][place] != sides[0].sound?.contact.texts[store.canonicalSet][place]
            }
            .map(\.number)
    }

    func mending(_ field: String, in store: PlannedStore) -> [WantedField] {
        guard let mend = sides[store.number].mends[field] else { return [] }
        return [WantedField(field: field, value: mend.value) { store.ownText(field, $0) == mend.text }]
    }

    /// The value of the winner, or of another store that moved with it and holds a field that the winner lacks, or holds
    /// more of it. Nil: canonical's stays.
    private func winning(_ field: String, _ decision: ContactDecision) -> [WantedField]? {
        let contested = Set(contested(field))
        let able = decision.group.filter { contested.contains($0) }
        let full = able.first { number in
            kit.stores[number].source(field, of: empty(kit.stores[number])).map { !$0.mapping.holdsOne } ?? false
        }
        guard let number = full ?? able.first, let sound = sides[number].sound,
            let source = kit.stores[number].source(field, of: sound.record)
        else { return nil }
        let store = kit.stores[number]
        guard let place = store.sharedPlace(field) else { return nil }
        let text = sound.contact.texts[0][place]
        return [
            want(field, source, in: kit.stores[0]) { $0.texts[store.canonicalSet][place] == text }
        ]
    }

    /// Whether the members of all sides can be put together.
    private func isUnited(_ field: FieldDefinition) -> Bool {
        guard field.type.member != nil, let place = kit.stores[0].place(field.name) else { return false }
        return !kit.stores[0].layout.fields[place].holdsOne
    }

    /// The members of all sides, canonical's first. Nil: canonical has them all.
    private func united(_ field: FieldDefinition, _ contested: [Int]) -> [WantedField]? {
        guard !contested.isEmpty else { return nil }
        let canonical = kit.stores[0]
        var members: [RawValue] = []
        var primary: Int?
        var texts: Set<[UInt8]> = []
        for number in [0] + contested {
            guard let sound = sides[number].sound, let source = kit.stores[number].source(field.name, of: sound.record)
            else { continue }
            let own = kit.spelling.members(of: source.value, in: source.mapping)
            if number == 0 { primary = own.primary }
            members += source.mapping.holdsOne ? Array(own.members[(own.primary ?? 0)...].prefix(1)) : own.members
            texts.formUnion(Self.members(of: kit.stores[number].ownText(field.name, sound.contact)))
        }
        guard let place = canonical.place(field.name),
            texts != Set(Self.members(of: sides[0].sound.flatMap { canonical.ownText(field.name, $0.contact) }))
        else { return nil }
        let target = canonical.layout.fields[place]
        let value = kit.spelling.value(
            members: members,
            primary: primary,
            from: FieldMapping(field),
            to: target,
            column: canonical.column(of: target),
            current: sides[0].row?.record.values[place] ?? .null
        )
        return [
            WantedField(field: field.name, value: value) {
                Set(Self.members(of: canonical.ownText(field.name, $0))) == texts
            }
        ]
    }

    /// The canonical texts of a set's members.
    private static func members(of text: [UInt8]?) -> [[UInt8]] {
        (text ?? [])
            .withUnsafeBytes { bytes in
                var rest = bytes
                var members: [[UInt8]] = []
                while let member = Netstrings.takeFirst(of: &rest) { members.append(Array(member)) }
                return members
            }
    }

    /// A record of a store without any value.
    func empty(_ store: PlannedStore) -> ContactRecord {
        ContactRecord(row: .integer(0), values: Array(repeating: .null, count: store.layout.fields.count))
    }
}
