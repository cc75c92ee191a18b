import Contacts
import Fingerprint
import Rules

@testable import Reconcile

/// One contact as canonical and some stores hold it, and what their comparison tells of damaged values.
struct Comparison {
    /// What a store holds of the contact. Texts by field; nil: it is absent.
    enum Held {
        case texts([String: String])
        case deleted
        case absent
    }

    var canonical: Held
    var stores: [Held]
    /// The fields that canonical holds beside the key, in schema order.
    var fields = Comparison.fields
    /// By store, those of them that it holds; all where there is nothing here.
    var heldFields: [[String]] = []
    var rules: Set<RuleID> = DifferenceInspector.rules

    static let fields = ContactSchema.standard.compared.filter { $0.type == .text }.map(\.name)

    init(_ canonical: [String: String], _ stores: [String: String]...) {
        self.canonical = .texts(canonical)
        self.stores = stores.map { .texts($0) }
    }

    init(_ canonical: Held, _ stores: [Held]) {
        self.canonical = canonical
        self.stores = stores
    }

    private static func layout(_ fields: [String]) -> StoreLayout {
        let held = ContactSchema.standard.fields.filter {
            $0.name == ContactSchema.Name.key || fields.contains($0.name) || $0.name == ContactSchema.Name.deletedAt
        }
        return StoreLayout(fields: held.map { FieldMapping($0) }, columns: [])
    }

    private static func contact(_ held: Held, _ layout: StoreLayout, _ sets: [FieldSet]) -> CanonicalContact? {
        var texts: [String: String] = [:]
        switch held {
        case .absent: return nil
        case .deleted: texts = [ContactSchema.Name.deletedAt: "2024-01-01T00:00:00Z"]
        case .texts(let own): texts = own
        }
        let canonicalizer = ContactCanonicalizer(layout: layout, sets: sets, scheme: .xxh3, phoneRegion: "US")
        let values = layout.fields.map { mapping -> RawValue in
            if mapping.field.name == ContactSchema.Name.key { return .integer(7) }
            return texts[mapping.field.name].map { .text($0) } ?? .null
        }
        return canonicalizer.contact(ContactRecord(row: .integer(1), values: values))
    }

    /// The damages of the difference, as the inspector tells them.
    func damages() -> [DifferenceInspector.SideDamage] {
        let whole = Self.layout(fields)
        let layouts = stores.indices.map { heldFields.isEmpty ? whole : Self.layout(heldFields[$0]) }
        let sets = layouts.map { FieldSet(sharedBy: whole, $0) }
        // Canonical's own set comes first, as in an audit.
        var canonicalSets = [FieldSet(of: whole)]
        for set in sets where !canonicalSets.contains(set) { canonicalSets.append(set) }
        let contacts = zip(zip(stores, layouts), sets).map { Self.contact($0.0, $0.1, [$1]) }
        let difference = Difference(
            suspect: Suspect(key: "7", canonical: .absent, stores: []),
            canonical: Self.contact(canonical, whole, canonicalSets),
            stores: contacts.map { Difference.StoreDifference(contact: $0, state: .confirmed, fields: []) }
        )
        let inspector = DifferenceInspector(
            sets: sets,
            canonicalSets: sets.map { canonicalSets.firstIndex(of: $0) ?? 0 },
            schema: .standard,
            rules: rules
        )
        return inspector.inspect(difference)
    }

    /// `side rule field` of each damage, in order of their names; the first store is `0`.
    func found() -> [String] {
        damages().map { "\($0.store.map { "\($0)" } ?? "canonical") \($0.damage.rule) \($0.damage.field ?? "-")" }
            .sorted()
    }
}
