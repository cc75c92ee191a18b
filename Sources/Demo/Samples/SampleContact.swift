import Contacts

/// One contact by meaning: at most one value for each field of the standard schema.
struct SampleContact: Sendable, Hashable {
    static let fields = ContactSchema.standard.fields
    static let compared = ContactSchema.standard.compared.map(\.name)

    private static let positions = Dictionary(
        uniqueKeysWithValues: fields.enumerated().map { ($0.element.name, $0.offset) }
    )

    private var values: [SampleValue?] = Array(repeating: nil, count: fields.count)

    /// What a store that keeps checksums writes beside the row; no field, and nil for nearly all contacts.
    var checksum: String?

    /// The value of a field of the schema, nil where it is absent.
    ///
    /// Other names are a programmer's error.
    subscript(field: String) -> SampleValue? {
        get { values[Self.positions[field]!] }
        set { values[Self.positions[field]!] = newValue }
    }

    /// The type of a field of the schema.
    static func type(of field: String) -> FieldType { fields[positions[field]!].type }

    init(id: Int64) { self.id = id }

    var id: Int64 {
        get { if case .integer(let id)? = self[ContactSchema.Name.key] { id } else { 0 } }
        set { self[ContactSchema.Name.key] = .integer(newValue) }
    }

    var version: Int64 {
        get { if case .integer(let version)? = self[ContactSchema.Name.version] { version } else { 0 } }
        set { self[ContactSchema.Name.version] = .integer(newValue) }
    }

    var emails: [String] {
        get { if case .emails(let emails)? = self[ContactSchema.Name.emails] { emails } else { [] } }
        set { self[ContactSchema.Name.emails] = newValue.isEmpty ? nil : .emails(newValue) }
    }

    var phones: [SamplePhone] {
        get { if case .phones(let phones)? = self[ContactSchema.Name.phones] { phones } else { [] } }
        set { self[ContactSchema.Name.phones] = newValue.isEmpty ? nil : .phones(newValue) }
    }

    /// The text of a text field; nil where it is absent.
    func text(_ field: String) -> String? {
        if case .text(let text)? = self[field] { text } else { nil }
    }

    /// Sets a text field; an empty text is absent.
    mutating func set(_ field: String, _ text: String?) {
        self[field] = text.flatMap { $0.isEmpty ? nil : .text($0) }
    }

    /// Those of the fields whose values differ, in the order given.
    func differing(from other: SampleContact, in fields: [String]) -> [String] {
        fields.filter { self[$0] != other[$0] }
    }
}
