import Foundation
import GRDB

/// Contacts of a usual size in the warehouse and in a file, which differ in a few: made by the engines themselves, from their
/// numbers.
enum AuditedPeople {
    /// Findings of drift that they lead to.
    static let differences = 30

    /// By column: its value, in SQL that both engines understand, of number `i`; `\(n)` is its text.
    private static func columns(_ n: String) -> [(name: String, value: String)] {
        [
            ("contact_id", "i"),
            ("apple_unique_id", "CONCAT('7F2C4A10-9B1E-4C55-8D03-', \(n))"),
            ("canonical_name", "CONCAT('Person Number ', \(n))"),
            ("name_normalized", "CONCAT('person number ', \(n))"),
            ("first_name", "'Person'"),
            ("last_name", "CONCAT('Number ', \(n))"),
            ("full_name", "CONCAT('Person Number ', \(n))"),
            ("organization", "'Example Engineering and Sons Ltd.'"),
            ("job_title", "'Senior Engineer'"),
            ("department", "'Research'"),
            ("category_code", "'A'"),
            ("subcategory_code", "'A1_PARTNER'"),
            ("relationship_category", "'partner'"),
            ("notes", "CONCAT('Met at the conference in Zürich; asked for the second paper. Number ', \(n))"),
            (
                "llm_context",
                json(
                    "{\"summary\":\"Works on storage engines, prefers e-mail, answers within a day.\",\"topics\":[\"storage\",\"audit\"]}"
                )
            ),
            ("communication_stats", json("{\"calls\":12,\"emails\":240,\"last\":\"2024-03-01\",\"meetings\":7}")),
            ("social_network", json("{\"handles\":{\"mastodon\":\"@person@example.org\"},\"mutual\":[17,23,42]}")),
            ("ai_insights", json("{\"city\":\"Berlin\",\"language\":\"de\",\"sentiment\":\"positive\"}")),
            ("recommendations", json("[{\"action\":\"write\",\"due\":\"2024-05-01\"},{\"action\":\"invite\"}]")),
            ("version", "5"),
        ]
    }

    private static let jsonColumns: Set = [
        "llm_context", "communication_stats", "social_network", "ai_insights", "recommendations",
    ]

    private static func json(_ text: String) -> String { "'\(text)'" }

    /// The file: `contact_id` is the row's number.
    static func write(_ count: Int, to path: String) throws {
        let queue = try DatabaseQueue(path: path)
        let columns = columns("i")
        let names = columns.map(\.name) + ["emails", "phones", "last_updated", "deleted_at"]
        let values = columns.map { $0.value.replacing("CONCAT(", with: "printf('%s%s', ") }
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE contacts_master (\(names.map { $0 == "contact_id" ? "contact_id INTEGER PRIMARY KEY" : $0 }.joined(separator: ", ")));
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
                    INSERT INTO contacts_master SELECT \(values.joined(separator: ", ")),
                        '["person.' || i || '@example.org","p' || i || '@example.com"]', '["+1415555' || (2000 + i % 8000) || '"]',
                        '2024-01-01T00:00:00Z', NULL FROM n;
                    UPDATE contacts_master SET job_title = 'Painter' WHERE contact_id BETWEEN 101 AND 112;
                    DELETE FROM contacts_master WHERE contact_id BETWEEN 201 AND 208;
                    """
            )
        }
        try queue.close()
    }

    /// The tables of a dataset, with a child table of e-mails and phones.
    static func write(_ count: Int, to dataset: BigQueryDataset) async throws {
        let columns = columns("CAST(i AS STRING)")
        let types = columns.map { column in
            let isNumber = ["contact_id", "version"].contains(column.name)
            return "\(column.name) \(isNumber ? "INT64" : jsonColumns.contains(column.name) ? "JSON" : "STRING")"
        }
        try await dataset.run(
            """
            CREATE TABLE contacts_master (\(types.joined(separator: ", ")), last_updated TIMESTAMP, deleted_at TIMESTAMP);
            CREATE TABLE contact_identifiers (contact_id INT64, identifier_type STRING, identifier_value STRING, is_primary BOOL)
            """
        )
        let values = columns.map { jsonColumns.contains($0.name) ? "PARSE_JSON(\($0.value))" : $0.value }
        let numbers = "FROM UNNEST(GENERATE_ARRAY(1, \(count))) AS i"
        for statement in [
            "INSERT INTO contacts_master SELECT \(values.joined(separator: ", ")), TIMESTAMP '2024-01-01 00:00:00+00', CAST(NULL AS TIMESTAMP) \(numbers)",
            "INSERT INTO contact_identifiers SELECT i, 'email', CONCAT('person.', CAST(i AS STRING), '@example.org'), TRUE \(numbers)",
            "INSERT INTO contact_identifiers SELECT i, 'email', CONCAT('p', CAST(i AS STRING), '@example.com'), FALSE \(numbers)",
            "INSERT INTO contact_identifiers SELECT i, 'phone', CONCAT('+1415555', CAST(2000 + MOD(i, 8000) AS STRING)), TRUE \(numbers)",
            // The file still holds these: orphans, and contacts that are soft-deleted here.
            "DELETE FROM contacts_master WHERE contact_id BETWEEN 301 AND 305",
            "DELETE FROM contact_identifiers WHERE contact_id BETWEEN 301 AND 305",
            "UPDATE contacts_master SET deleted_at = TIMESTAMP '2024-02-01 00:00:00+00' WHERE contact_id BETWEEN 401 AND 405",
        ] { try await dataset.run(statement) }
    }
}
