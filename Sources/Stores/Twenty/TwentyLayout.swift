import Contacts

/// Which fields of person hold the fields of a contact.
struct TwentyLayout: Sendable {
    /// Where a field's value comes from.
    struct Source: Sendable, Hashable {
        let field: TwentyField
        /// The member of a composite that is the value; nil: the field itself.
        let member: String?
    }

    let layout: StoreLayout
    /// One for each field of the layout, in its order.
    let sources: [Source]
    /// Where the key is.
    let key: Source
    /// Fields of person that are read, the key's among them, each once, besides the id and the times of the record.
    let columns: [String]

    /// The composites of person that hold fields of the schema.
    private static let composites = [
        "first_name": ("name", "firstName"), "last_name": ("name", "lastName"),
    ]
    /// What the server itself keeps of every record.
    static let times = ["updatedAt", "deletedAt"]

    /// - Throws: `StoreError` where there is no field for the key.
    init(store: TwentyStore, metadata: TwentyMetadata) throws(StoreError) {
        var fields: [FieldMapping] = []
        var sources: [Source] = []
        var missing: [String] = []
        var notCompared: [NotCompared] = []
        for field in store.schema.fields {
            let override = store.settings.fields[field.name]
            if override == .notHeld {
                notCompared.append(NotCompared(field: field.name, reason: "the store does not hold it (null)"))
                continue
            }
            var held = FieldOverride.Held()
            if case .held(let given) = override { held = given }
            guard let source = Self.source(of: field, held, metadata) else {
                if field.role == .compared { missing.append(field.name) }
                let name = held.column ?? Self.fieldName(field.name)
                notCompared.append(NotCompared(field: field.name, reason: "there is no field \(name)"))
                continue
            }
            fields.append(Self.mapping(of: field, held, source))
            sources.append(source)
        }
        let order =
            fields.indices.filter { fields[$0].field.role == .compared }
            + fields.indices.filter { fields[$0].field.role != .compared }
        fields = order.map { fields[$0] }
        sources = order.map { sources[$0] }
        for mapping in fields where mapping.field.role == .metadata {
            notCompared.append(
                NotCompared(field: mapping.field.name, reason: "it drives conflicts, it is not compared")
            )
        }
        let read = Set(sources.map(\.field.name))
        for field in metadata.fields where !read.contains(field.name) {
            notCompared.append(NotCompared(field: field.name, reason: "no field reads this field of person"))
        }
        layout = StoreLayout(
            fields: fields,
            columns: metadata.fields.flatMap(Self.columns),
            missing: missing,
            notCompared: notCompared
        )
        self.sources = sources
        guard let index = layout.index(of: ContactSchema.Name.key) else {
            throw store.error(
                .noKey,
                "open",
                "person has no field for \(ContactSchema.Name.key). Run `rollcall init-store \(store.name)`, or name the"
                    + " field in stores.\(store.name).fields.\(ContactSchema.Name.key)."
            )
        }
        key = sources[index]
        columns = read.sorted()
    }

    /// The name that a field of the schema has in Twenty, where no composite of person holds it: `categoryCode`.
    static func fieldName(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.prefix(1).map(String.init).joined()
            + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// Whether the workspace can hold the field.
    static func source(of field: FieldDefinition, _ held: FieldOverride.Held, _ metadata: TwentyMetadata) -> Source? {
        if held.column == nil, held.path.isEmpty, let (name, member) = composites[field.name],
            let composite = metadata.field(name), composite.type == "FULL_NAME"
        {
            return Source(field: composite, member: member)
        }
        return metadata.field(held.column ?? fieldName(field.name)).map { Source(field: $0, member: nil) }
    }

    private static func mapping(of field: FieldDefinition, _ held: FieldOverride.Held, _ source: Source) -> FieldMapping
    {
        var mapping = FieldMapping(field, held)
        // The interface returns an empty text for one that is NULL.
        mapping.distinguishEmpty = false
        if field.type == .timestamp || field.type.member == .timestamp {
            mapping.precision = max(mapping.precision, .milliseconds)
        }
        // E-mails and phones are lists with a primary one, as rows of a child table are: no column's spelling.
        let isList = field.type.member != nil && mapping.path.isEmpty && listTypes.contains(source.field.type)
        mapping.column = isList ? nil : source.field.name + (source.member.map { ".\($0)" } ?? "")
        return mapping
    }

    private static let listTypes: Set = ["EMAILS", "PHONES", "LINKS", "ARRAY", "MULTI_SELECT"]

    private static func columns(of field: TwentyField) -> [StoreColumn] {
        guard field.type == "FULL_NAME", field.name == "name" else {
            return [StoreColumn(name: field.name, type: field.type, isStrict: true)]
        }
        return ["firstName", "lastName"].map { StoreColumn(name: "\(field.name).\($0)", type: "TEXT") }
    }
}
