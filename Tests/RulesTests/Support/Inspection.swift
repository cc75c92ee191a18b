import Contacts
import Fingerprint
import Rules

/// A record that is judged as an audit judges it: through a store's layout, the canonicalizer and the inspector.
struct Inspection {
    /// Every field of the schema, unless a test says otherwise.
    var fields = ContactSchema.standard.fields.map { FieldMapping($0) }
    var rules = Set(RuleCatalog.all.map(\.id))
    /// 2027-01-15T08:00:00Z.
    var now: Int64 = 1_800_000_000_000_000

    /// What every record has that a test does not name.
    static let common: [String: RawValue] = ["contact_id": .integer(7), "canonical_name": .text("Ada Lovelace")]

    init() {}

    /// A store with these settings of a field.
    init(_ field: String, _ adjust: (inout FieldMapping) -> Void) {
        guard let index = fields.firstIndex(where: { $0.field.name == field }) else { return }
        adjust(&fields[index])
    }

    /// A store that holds this field too.
    init(extra name: String, _ type: FieldType, _ adjust: (inout FieldMapping) -> Void = { _ in }) {
        var mapping = FieldMapping(FieldDefinition(name, type, group: "extra"))
        adjust(&mapping)
        fields.insert(mapping, at: fields.firstIndex { $0.field.role != .compared } ?? fields.count)
    }

    /// A store that holds these fields only.
    init(holding names: [String]) { fields = fields.filter { names.contains($0.field.name) } }

    /// The record of these values, the common ones among them; nil where it has no key.
    func contact(_ values: [String: RawValue]) -> CanonicalContact? {
        let layout = StoreLayout(fields: fields, columns: [])
        let canonicalizer = ContactCanonicalizer(
            layout: layout,
            sets: [FieldSet(of: layout)],
            scheme: .xxh3,
            phoneRegion: "US",
            inspector: ContactInspector(layout: layout, rules: rules, now: now)
        )
        let all = Self.common.merging(values) { $1 }
        let cells = fields.map { all[$0.field.name] ?? .null }
        return canonicalizer.contact(ContactRecord(row: .integer(1), values: cells))
    }

    func damages(_ values: [String: RawValue]) -> [FieldDamage] { contact(values)?.damages ?? [] }

    /// `rule field` of each damage, in order of their names.
    func found(_ values: [String: RawValue]) -> [String] {
        damages(values).map { "\($0.rule) \($0.field ?? "-")" }.sorted()
    }

    /// The same of one text.
    func found(_ field: String, _ text: String) -> [String] { found([field: .text(text)]) }
}
