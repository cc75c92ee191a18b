import Contacts
import Fingerprint

/// What is wrong with one store's value of a field.
private struct Damage {
    let rule: RuleID
    /// The canonical text that it certainly was.
    var proposed: [UInt8]?
    /// Whether only the comparison with other stores tells: what all of these hold is certain then.
    var isByComparison = false
}

/// A sound value of a field.
private struct Sound {
    let store: Int
    let text: [UInt8]?
}

extension ContactPlanner {
    /// Keeps damaged values from deciding anything: each side's `sound` gets what its value certainly was, or what most
    /// stores hold. What is certain becomes one of its `mends`, the rest is left to a person.
    ///
    /// - Returns: false where nothing is damaged.
    mutating func mend() -> Bool {
        let damages = damages()
        for field in kit.fields { if let own = damages[field.name] { mend(field, own) } }
        return !damages.isEmpty
    }

    /// By field and number of the store.
    private func damages() -> [String: [Int: Damage]] {
        let names = Set(kit.fields.map(\.name))
        var found: [String: [Int: Damage]] = [:]
        for store in kit.stores where sides[store.number].isAlive {
            for damage in sides[store.number].row?.contact.damages ?? [] {
                // A record without any name has lost all of its names.
                let fields =
                    damage.rule == .corruptionRequired
                    ? ContactSchema.Name.naming : Set([damage.field].compactMap { $0 })
                for field in fields.intersection(names) where store.place(field) != nil {
                    // Of what is damaged in several ways nothing is certain.
                    let isOnly = found[field]?[store.number] == nil
                    found[field, default: [:]][store.number] = Damage(
                        rule: damage.rule,
                        proposed: isOnly ? damage.proposed : nil
                    )
                }
            }
        }
        for (store, damage) in kit.damages(of: difference) {
            guard let field = damage.field, names.contains(field), found[field]?[0] == nil || store == 0,
                found[field]?[store] == nil
            else { continue }
            found[field, default: [:]][store] = Damage(rule: damage.rule, isByComparison: true)
        }
        return found
    }

    private mutating func mend(_ field: FieldDefinition, _ damages: [Int: Damage]) {
        let sound = kit.stores.compactMap { store -> Sound? in
            guard sides[store.number].isAlive, damages[store.number] == nil, store.place(field.name) != nil,
                let contact = sides[store.number].row?.contact
            else { return nil }
            return Sound(store: store.number, text: store.ownText(field.name, contact))
        }
        for (number, damage) in damages.sorted(by: { $0.key < $1.key }) {
            let store = kit.stores[number]
            if request.repairsDamage, let (source, text) = certain(field, damage, sound),
                let value = replace(field.name, in: store, by: source, text)
            {
                sides[number].mends[field.name] = PlanSide.Mend(value: value, text: text)
                continue
            }
            sides[number].left.insert(field.name)
            let majority = majority(of: sound)
            if let majority, let source = source(field.name, of: majority) {
                _ = replace(field.name, in: store, by: source, nil)
            }
            let own = sides[number].row.flatMap { store.ownText(field.name, $0.contact) }
            guard request.repairsDamage || sound.contains(where: { $0.text != own }) else { continue }
            plan.leave(
                "its value is damaged (\(damage.rule.name)): a person must set it",
                stores: [store.name],
                field: field.name,
                proposed: majority.flatMap { content(field.name, of: $0) } ?? damage.proposed.map { .text($0) }
            )
        }
    }

    /// What a damaged value certainly was: the text that is proposed for it, unless a store holds another sound value; or
    /// what all others hold, where only they tell that it is damaged.
    private func certain(
        _ field: FieldDefinition,
        _ damage: Damage,
        _ sound: [Sound]
    ) -> (source: FieldSource, text: [UInt8])? {
        if let proposed = damage.proposed, field.type.member == nil {
            guard sound.allSatisfy({ $0.text == nil || $0.text == proposed }) else { return nil }
            return (FieldSource(value: .text(proposed), mapping: FieldMapping(field)), proposed)
        }
        guard damage.isByComparison, let first = sound.first, let text = first.text,
            sound.allSatisfy({ $0.text == text }), let source = source(field.name, of: first.store)
        else { return nil }
        return (source, text)
    }

    /// The store whose sound value most stores hold; of several such values canonical's, else that of the first store.
    private func majority(of sound: [Sound]) -> Int? {
        let held = sound.filter { $0.text != nil }
        let counts = Dictionary(grouping: held, by: \.text).mapValues(\.count)
        let most = counts.values.max()
        return held.first { counts[$0.text] == most }?.store
    }

    private func source(_ field: String, of number: Int) -> FieldSource? {
        sides[number].row.flatMap { kit.stores[number].source(field, of: $0.record) }
    }

    private func content(_ field: String, of number: Int) -> RawValue? {
        guard let record = sides[number].row?.record, let place = kit.stores[number].place(field) else { return nil }
        return kit.content(kit.stores[number], place, record)
    }

    /// Puts a value into the record by which decisions are made.
    ///
    /// - Parameter text: what it must read as in the store's own form; nil: whatever it reads as.
    /// - Returns: the value in the store's spelling; nil where it cannot be put there.
    private mutating func replace(
        _ field: String,
        in store: PlannedStore,
        by source: FieldSource,
        _ text: [UInt8]?
    ) -> RawValue? {
        guard let sound = sides[store.number].sound, let place = store.place(field),
            let value = kit.spelled(source, for: store, place, over: sound.record),
            let values = RecordEdit.applying([place: value], to: sound.record.values, layout: store.layout)
        else { return nil }
        let record = ContactRecord(row: sound.record.row, values: values)
        guard let contact = store.contact(record), text == nil || store.ownText(field, contact) == text else {
            return nil
        }
        sides[store.number].sound = PlanSide.Row(record: record, contact: contact)
        return value
    }
}
