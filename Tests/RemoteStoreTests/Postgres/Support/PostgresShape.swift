import Contacts
import StoreConformance
import Stores

/// The shapes of table that a Postgres store may read.
enum PostgresShape: String, CaseIterable {
    case textKey, integerKey, indexedText, noKey, compositeKey, view, partitioned, typed, childTable, looseChildTable

    static let withRepeatedKeys: [PostgresShape] = [.indexedText, .noKey, .compositeKey]

    /// Those whose rows have names of their own, which they keep.
    static let writable: [PostgresShape] = [.textKey, .integerKey, .compositeKey, .typed, .childTable]

    /// The tables that hold rows.
    var tables: [String] { [table] + (hasChild ? ["contact_identifiers"] : []) }

    /// A contact with a value of every type.
    static func sample(_ number: Int) -> LogicalContact {
        LogicalContact(
            key: String(number),
            fields: [
                "first_name": .text("Ada \(number)"), "notes": .text("a\"b\\c'd\n\t🎈 \(number)"),
                "birthday": .text("1985-12-1\(number % 10)"), "is_business": .text(number % 2 == 0 ? "true" : "false"),
                "llm_context": .text(#"{"n": \#(number), "deep": [{"a": null}, "text", 1.5]}"#),
                "communication_stats": .text(#"{ "b":\#(number),  "a": 1.50 }"#),
                "emails": .members((0..<number % 4).map { "ada\(number).\($0)@example.com" }),
                "phones": .members(["+1201555\(1000 + number)"]), "version": .text("\(number + 1)"),
                "last_updated": .text("2024-05-06T07:08:\(10 + number % 40).123456Z"),
            ]
        )
    }

    private var hasChild: Bool { self == .childTable || self == .looseChildTable }
    private var table: String { self == .view ? "base" : "contacts_master" }

    private var fields: [String] {
        ContactSchema.standard.fields.map(\.name).filter { !hasChild || !["emails", "phones"].contains($0) }
    }

    private static let types: [String: String] = [
        "birthday": "date", "is_business": "boolean", "is_me": "boolean", "llm_context": "jsonb",
        "communication_stats": "json", "emails": "text[]", "phones": "varchar(30)[]", "version": "integer",
        "last_updated": "timestamptz", "deleted_at": "timestamp", "created_at": "timestamptz",
    ]

    /// What makes the tables.
    var sql: String {
        let key =
            switch self {
            case .textKey, .view, .typed: "contact_id text PRIMARY KEY"
            case .integerKey: "contact_id bigint PRIMARY KEY"
            case .childTable: "contact_id uuid_or_text PRIMARY KEY"
            case .compositeKey: "part bigint GENERATED ALWAYS AS IDENTITY, contact_id text NOT NULL"
            case .looseChildTable: "contact_id integer UNIQUE"
            case .indexedText, .noKey, .partitioned: "contact_id varchar(40)"
            }
        let columns = fields.dropFirst().map { "\($0) \(self == .typed ? Self.types[$0] ?? "text" : "text")" }
        let all = [key] + columns + (self == .compositeKey ? ["PRIMARY KEY (contact_id, part)"] : [])
        let table = "CREATE TABLE \(table) (\(all.joined(separator: ", ")))"
        switch self {
        case .indexedText: return table + "; CREATE INDEX ON contacts_master (contact_id);"
        case .view: return table + "; CREATE VIEW contacts_master AS SELECT * FROM base;"
        case .partitioned:
            return table + " PARTITION BY HASH (contact_id);"
                + (0..<3)
                .map {
                    "CREATE TABLE part\($0) PARTITION OF contacts_master FOR VALUES WITH (MODULUS 3, REMAINDER \($0));"
                }
                .joined()
        case .childTable:
            return "CREATE DOMAIN uuid_or_text AS text; " + table
                + """
                ; CREATE TABLE contact_identifiers (id bigserial PRIMARY KEY, contact_id text REFERENCES contacts_master,
                identifier_type text, identifier_value text, is_primary boolean);
                CREATE INDEX ON contact_identifiers (contact_id);
                """
        case .looseChildTable:
            return table
                + """
                ; CREATE TYPE kind AS ENUM ('phone', 'email', 'social_profile');
                CREATE TABLE contact_identifiers (contact_id text, identifier_type kind, identifier_value varchar(80),
                is_primary integer);
                """
        default: return table + ";"
        }
    }

    /// What writes contacts.
    func insertion(_ contacts: [LogicalContact]) -> String {
        guard !contacts.isEmpty else { return "" }
        let rows = contacts.map { contact in
            "(" + fields.map { postgresLiteral(text(contact[$0], $0)) }.joined(separator: ", ") + ")"
        }
        var sql = "INSERT INTO \(table) (\(fields.joined(separator: ", "))) VALUES \(rows.joined(separator: ",\n"));\n"
        guard hasChild else { return sql }
        var children: [String] = []
        for contact in contacts {
            for (field, type) in [("emails", "email"), ("phones", "phone")] {
                guard case .members(let members) = contact[field] else { continue }
                for (index, member) in members.enumerated() {
                    let flag = self == .childTable ? "\(index == 0)" : index == 0 ? "1" : "0"
                    children.append("('\(contact.key)', '\(type)', \(postgresLiteral(member)), \(flag))")
                }
            }
        }
        if !children.isEmpty {
            sql += "INSERT INTO contact_identifiers (contact_id, identifier_type, identifier_value, is_primary) VALUES "
            sql += children.joined(separator: ",\n") + ";"
        }
        return sql
    }

    private func text(_ value: LogicalContact.Value?, _ field: String) -> String? {
        switch value {
        case .text(let text): text
        case .members(let members):
            if self == .typed, Self.types[field] != nil {
                "{" + members.map { "\"\($0)\"" }.joined(separator: ",") + "}"
            } else {
                "[" + members.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
            }
        case nil: nil
        }
    }

    /// Writes contacts into a schema of this shape.
    @Sendable func make(_ contacts: [LogicalContact]) async throws -> any ContactStore {
        try await PostgresSchema(sql + insertion(contacts)).store()
    }
}
