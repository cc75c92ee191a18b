import Contacts
import StoreConformance

/// The shapes of table that a PostgREST store may read.
enum SupabaseShape: String, CaseIterable {
    /// The simulator's own tables, typed, with a child table.
    case usual
    /// The same behind a limit of rows that is lower than any page, in an order that is not that of bytes.
    case short
    /// The rows have a number of their own, and the child table no key.
    case numbered
    /// No key but the contact's, which nothing enforces; sets are arrays and JSON.
    case keyless
    /// A key of two columns.
    case composite
    /// The key is a number; sets are arrays and JSON.
    case integer

    static let writable: [SupabaseShape] = [.usual, .numbered, .integer]
    static let withRepeatedKeys: [SupabaseShape] = [.numbered, .keyless, .composite]

    var arguments: [String] { self == .short ? ["--max-rows", "90", "--collation", "en_US"] : [] }

    /// What makes the tables; nil: the simulator's own.
    var ddl: String? {
        let key =
            switch self {
            case .usual, .short: ""
            case .numbered: "id bigint NOT NULL PRIMARY KEY, contact_id text"
            case .keyless: "contact_id text"
            case .composite: "contact_id text NOT NULL, part bigint NOT NULL"
            case .integer: "contact_id bigint NOT NULL PRIMARY KEY"
            }
        guard !key.isEmpty else { return nil }
        let fields = ContactSchema.standard.fields.dropFirst()
            .filter { !isOfChild($0) }
            .map { "\($0.name) \(Self.type($0))" }
        let ends = self == .composite ? ["PRIMARY KEY (contact_id, part)"] : []
        let table = "CREATE TABLE contacts_master (\(([key] + fields + ends).joined(separator: ", ")));"
        return hasChild
            ? table
                + """
                CREATE TABLE contact_identifiers
                    (contact_id text, identifier_type text, identifier_value text, is_primary text);
                CREATE INDEX contact_identifiers_contact ON contact_identifiers (contact_id);
                """ : table
    }

    /// Whether the child table holds a field.
    private func isOfChild(_ field: FieldDefinition) -> Bool { hasChild && ["emails", "phones"].contains(field.name) }

    private var hasChild: Bool { [.usual, .short, .numbered].contains(self) }

    private static func type(_ field: FieldDefinition) -> String {
        switch field.type {
        case .int: "bigint"
        case .bool: "boolean"
        case .date: "date"
        case .timestamp: "timestamptz"
        case .json: "jsonb"
        case .set: field.name == ContactSchema.Name.phones ? "jsonb" : "text[]"
        default: "text"
        }
    }

    /// A contact as a row of the table.
    func row(_ contact: LogicalContact, number: Int) throws -> JSONValue {
        var members: [JSONValue.Member] = []
        for field in ContactSchema.standard.fields where !isOfChild(field) {
            let value: JSONValue =
                switch contact[field.name] {
                case .text(let text)?: field.type == .json ? try JSONValue(parsing: Array(text.utf8)) : .string(text)
                case .members(let members)?: .array(members.map { .string($0) })
                case nil: .null
                }
            members.append(JSONValue.Member(name: field.name, value: value))
        }
        if self == .composite { members.append(JSONValue.Member(name: "part", value: .number(Int64(number)))) }
        return .object(members)
    }

    /// A contact's rows of the child table.
    func identifiers(_ contact: LogicalContact) -> [JSONValue] {
        guard hasChild else { return [] }
        return [("emails", "email"), ("phones", "phone")]
            .flatMap { field, type -> [JSONValue] in
                guard case .members(let members)? = contact[field] else { return [] }
                return members.enumerated()
                    .map { index, member in
                        [
                            "contact_id": .string(contact.key), "identifier_type": .string(type),
                            "identifier_value": .string(member), "is_primary": .string(index == 0 ? "true" : "false"),
                        ]
                    }
            }
    }

    /// A project of this shape that holds the contacts.
    func bench(_ contacts: [LogicalContact], _ arguments: [String] = []) async throws -> SupabaseBench {
        let bench = try await SupabaseBench(self, arguments)
        try await bench.insert(try contacts.enumerated().map { try row($1, number: $0) })
        // Of two contacts with one key the rows are the same.
        var seen: Set<String> = []
        let children = contacts.filter { seen.insert($0.key).inserted }.flatMap(identifiers)
        try await bench.insert(children, into: "contact_identifiers")
        return bench
    }
}
