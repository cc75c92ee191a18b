/// The fields of a contact, declared once, as data. Their order is that of the canonical bytes.
package struct ContactSchema: Sendable, Hashable {
    /// Every field once, in schema order: the compared ones and the sync metadata.
    package private(set) var fields: [FieldDefinition]

    /// Names of the fields that have a meaning of their own to the engine.
    package enum Name {
        /// The key: contacts are paired by its canonical text.
        package static let key = "contact_id"
        /// A number that grows with each change; the higher one wins.
        package static let version = "version"
        /// When the contact was last changed; the later one wins where versions do not decide.
        package static let lastUpdated = "last_updated"
        /// Set on a record that is soft-deleted.
        package static let deletedAt = "deleted_at"
        /// When the contact was made; only tells whether other times can be true.
        package static let createdAt = "created_at"
        /// When the row was last written; only tells whether a change is fresh.
        package static let updatedAt = "updated_at"
        /// The set of e-mail addresses, which may be in a child table.
        package static let emails = "emails"
        /// The set of phone numbers, likewise.
        package static let phones = "phones"
        /// Stands in a store's layout for the column that holds the row's checksum. No field of the schema: no
        /// configuration can name it.
        package static let checksum = "row checksum"
        /// The fields of which one must have a value, so that a contact can be told from others.
        package static let naming: Set = [
            "canonical_name", "full_name", "first_name", "last_name", "nickname", "organization",
        ]
        /// The group of the fields that say what a person is called.
        package static let nameGroup = "name"
    }

    /// The fields in the fingerprint, in schema order; the key is the first.
    package var compared: [FieldDefinition] { fields.filter { $0.role == .compared } }

    /// The field of that name, compared or not; nil where the schema has none.
    package subscript(name: String) -> FieldDefinition? { fields.first { $0.name == name } }

    /// A schema with these settings and extra fields. Extra fields come after the schema's, in the order given.
    package func adding(_ extra: [FieldDefinition]) -> ContactSchema {
        var result = self
        for field in extra {
            if let index = result.fields.firstIndex(where: { $0.name == field.name }) {
                result.fields[index] = field
            } else {
                result.fields.append(field)
            }
        }
        return result
    }

    /// The contact that every store is expected to hold.
    package static let standard = ContactSchema(
        fields: compared([
            ("identifiers", .id, ["contact_id"]),
            ("identifiers", .text, ["apple_unique_id", "apple_identity_unique_id", "apple_link_id"]),
            (
                Name.nameGroup, .text,
                [
                    "canonical_name", "name_normalized", "first_name", "last_name", "middle_name", "nickname",
                    "name_suffix", "title", "full_name",
                ]
            ),
            ("organization", .text, ["organization", "job_title", "department"]),
            ("relationship", .text, ["category_code", "subcategory_code", "relationship_category"]),
            ("metadata", .text, ["notes"]),
            ("metadata", .date, ["birthday"]),
            ("metadata", .bool, ["is_business", "is_me"]),
            (
                "rich data", .json,
                ["llm_context", "communication_stats", "social_network", "ai_insights", "recommendations"]
            ),
            ("contact identifiers", .set(of: .email), [Name.emails]),
            ("contact identifiers", .set(of: .phone), [Name.phones]),
        ]) + [
            FieldDefinition(Name.version, .int, group: "sync metadata", role: .metadata),
            FieldDefinition(Name.lastUpdated, .timestamp, group: "sync metadata", role: .metadata),
            FieldDefinition("last_updated_by", .text, group: "sync metadata", role: .metadata),
            FieldDefinition("sync_status", .text, group: "sync metadata", role: .metadata),
            FieldDefinition("source_systems", .set(of: .text), group: "sync metadata", role: .metadata),
            FieldDefinition(Name.deletedAt, .timestamp, group: "sync metadata", role: .metadata),
            FieldDefinition(Name.createdAt, .timestamp, group: "timestamps", role: .metadata),
            FieldDefinition(Name.updatedAt, .timestamp, group: "timestamps", role: .metadata),
        ]
    )

    private static func compared(_ groups: [(String, FieldType, [String])]) -> [FieldDefinition] {
        groups.flatMap { group, type, names in names.map { FieldDefinition($0, type, group: group) } }
    }
}
