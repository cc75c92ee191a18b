import Contacts
import StoreConformance
import Stores

/// The shapes of table that a BigQuery store may read.
enum BigQueryShape: String, CaseIterable {
    /// Columns of their own types, an INT64 key, and the child table.
    case typed
    /// Texts throughout, sets as JSON in a column.
    case texts
    /// A text key, sets as arrays.
    case arrays
    /// A view of `typed`.
    case view

    static let tables: [BigQueryShape] = [.typed, .texts, .arrays]
    /// Those that differ in how they are read.
    static let read: [BigQueryShape] = [.typed, .arrays, .view]

    private var isTyped: Bool { self == .typed || self == .view }
    private var table: String { self == .view ? "base" : "contacts_master" }

    private var fields: [String] {
        ContactSchema.standard.fields.map(\.name).filter { !isTyped || !["emails", "phones"].contains($0) }
    }

    private func type(_ field: String) -> String {
        switch field {
        case "contact_id": isTyped ? "INT64" : "STRING"
        case "birthday": self == .texts ? "STRING" : "DATE"
        case "is_business", "is_me": self == .texts ? "STRING" : "BOOL"
        case "llm_context", "communication_stats", "social_network", "ai_insights": self == .texts ? "STRING" : "JSON"
        case "version": self == .texts ? "STRING" : "INT64"
        case "last_updated", "deleted_at", "created_at", "updated_at": self == .texts ? "STRING" : "TIMESTAMP"
        case "emails", "phones", "source_systems": self == .arrays ? "ARRAY<STRING>" : "STRING"
        default: "STRING"
        }
    }

    /// Makes a dataset with the shape's tables and these contacts.
    func make(_ contacts: [LogicalContact]) async throws -> BigQueryDataset {
        let dataset = try await BigQueryDataset()
        let columns = fields.map { "\($0) \(type($0))" }.joined(separator: ", ")
        try await dataset.run("CREATE TABLE \(table) (\(columns))")
        if isTyped {
            try await dataset.run(
                """
                CREATE TABLE contact_identifiers (contact_id INT64, identifier_type STRING, identifier_value STRING,
                identifier_normalized STRING, is_primary BOOL)
                """
            )
        }
        if self == .view { try await dataset.run("CREATE VIEW contacts_master AS SELECT * FROM \(dataset.name).base") }
        try await insert(contacts, into: dataset)
        return dataset
    }

    /// Adds contacts, one row each.
    func insert(_ contacts: [LogicalContact], into dataset: BigQueryDataset) async throws {
        guard !contacts.isEmpty else { return }
        let values = fields.enumerated().map { index, field in Self.cast("r.f\(index)", type(field)) }
        try await dataset.run(
            "INSERT INTO \(table) (\(fields.joined(separator: ", "))) SELECT \(values.joined(separator: ", ")) FROM UNNEST(@rows) AS r",
            [BigQueryDataset.rows(contacts.map { contact in fields.map { text(contact[$0]) } })]
        )
        guard isTyped else { return }
        let identifiers = contacts.flatMap { contact in
            [("emails", "email"), ("phones", "phone")]
                .flatMap { field, type -> [[String?]] in
                    guard case .members(let members) = contact[field] else { return [] }
                    return members.enumerated().map { [contact.key, type, $1, $0 == 0 ? "true" : "false"] }
                }
        }
        guard !identifiers.isEmpty else { return }
        try await dataset.run(
            """
            INSERT INTO contact_identifiers (contact_id, identifier_type, identifier_value, is_primary)
            SELECT CAST(r.f0 AS INT64), r.f1, r.f2, CAST(r.f3 AS BOOL) FROM UNNEST(@rows) AS r
            """,
            [BigQueryDataset.rows(identifiers)]
        )
    }

    private static func cast(_ sql: String, _ type: String) -> String {
        switch type {
        case "STRING": sql
        case "JSON": "PARSE_JSON(\(sql))"
        case "ARRAY<STRING>": "IFNULL(JSON_VALUE_ARRAY(\(sql)), [])"
        default: "CAST(\(sql) AS \(type))"
        }
    }

    private func text(_ value: LogicalContact.Value?) -> String? {
        switch value {
        case .text(let text): text
        case .members(let members): "[" + members.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        case nil: nil
        }
    }
}
