import Contacts
import Fingerprint
import Foundation
import Reconcile

/// What planning any contact takes. Used by one task.
final class PlannerKit {
    /// Canonical first.
    let stores: [PlannedStore]
    /// Compared fields but the key, in schema order.
    let fields: [FieldDefinition]
    let options: PlanOptions
    let spelling: FieldSpelling
    /// The field set that each compared store shares with canonical.
    let sets: [FieldSet]
    /// Which of canonical's field sets that is.
    let canonicalSets: [Int]
    let scheme: HashScheme
    private let policy: Winner.Policy
    private let inspection: Planner.Inspection?

    init(_ planner: Planner) {
        let layout = planner.canonical.session.layout
        let own = FieldSet(of: layout)
        sets = planner.stores.map { FieldSet(sharedBy: layout, $0.session.layout) }
        let distinct = sets.reduce(into: [FieldSet]()) { if !$0.contains($1) { $0.append($1) } }
        canonicalSets = sets.map { distinct.firstIndex(of: $0) ?? 0 }
        var all = [
            PlannedStore(
                planner.canonical,
                number: 0,
                shared: own,
                canonicalSet: distinct.count,
                sets: distinct + [own],
                planner: planner
            )
        ]
        for (index, store) in planner.stores.enumerated() {
            all.append(
                PlannedStore(
                    store,
                    number: index + 1,
                    shared: sets[index],
                    canonicalSet: canonicalSets[index],
                    sets: [sets[index], FieldSet(of: store.session.layout)],
                    planner: planner
                )
            )
        }
        stores = all
        fields = planner.schema.compared.filter { $0.name != ContactSchema.Name.key }
        options = planner.options
        spelling = FieldSpelling(phoneRegion: planner.phoneRegion)
        scheme = planner.scheme
        policy = Winner.Policy(
            onTie: planner.options.onTie,
            canonicalPrecision: planner.canonical.precision,
            precisions: planner.stores.map(\.precision)
        )
        inspection = planner.makeInspection?(sets, canonicalSets)
    }

    func winner(of difference: Difference) -> Winner { Winner.decide(difference, sets: sets, policy: policy) }

    /// What comparing the records tells of damaged values; stores are numbered with canonical as 0.
    func damages(of difference: Difference) -> [(store: Int, damage: FieldDamage)] {
        (inspection?(difference) ?? []).map { ($0.store.map { $0 + 1 } ?? 0, $0.damage) }
    }

    /// What a store's roll remembers of a contact.
    func line(of contact: String, in store: PlannedStore) throws -> RollLine? {
        try store.store.history?.line(of: scheme.keyDigest(of: Array(contact.utf8)))
    }

    /// A value in the spelling of a store; nil where the store cannot hold it.
    ///
    /// - Parameter record: what stands there; nil where the record is yet to be inserted.
    func spelled(_ source: FieldSource, for store: PlannedStore, _ place: Int, over record: ContactRecord?) -> RawValue?
    {
        let target = store.layout.fields[place]
        return spelling.value(
            of: source.value,
            from: source.mapping,
            to: target,
            column: store.column(of: target),
            current: record?.values[place] ?? .null
        )
    }

    /// A key in the spelling of a store; nil where the store cannot hold it.
    ///
    /// - Parameter record: that gets it.
    func spelledKey(_ key: FieldSource, for store: PlannedStore, over record: ContactRecord) -> RawValue? {
        store.place(ContactSchema.Name.key).flatMap { spelled(key, for: store, $0, over: record) }
    }

    /// What a record has in a field: of a field inside a JSON column the member alone.
    func content(_ store: PlannedStore, _ place: Int, _ record: ContactRecord) -> RawValue {
        spelling.content(of: record.values[place], in: store.layout.fields[place]) ?? record.values[place]
    }
}
