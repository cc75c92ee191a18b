/// A field of the contact: its name, its type and the part it plays.
package struct FieldDefinition: Sendable, Hashable {
    /// What a field is for. Only `compared` fields are in the fingerprint.
    package enum Role: Sendable, Hashable {
        /// In the fingerprint: stores must agree on it.
        case compared
        /// Drives conflicts, tombstones and incremental reads; listed in the coverage where a store has none.
        case metadata
    }

    /// How text is treated before it is compared. Nothing is trimmed or folded without one.
    package enum Policy: String, Sendable, Hashable, CaseIterable {
        /// Unicode White_Space around the text is ignored.
        case trim
        /// Letter case is ignored.
        case fold
    }

    /// Who wins when a field differs.
    package enum RepairPolicy: String, Sendable, Hashable, CaseIterable {
        /// The value of the store that wins the contact.
        case winner
        /// Canonical's value, whoever wins the contact.
        case canonical
        /// The members of all sides; for sets only.
        case union
        /// A person decides.
        case manual
    }

    /// The name in the schema, in configurations and in reports.
    package let name: String
    /// How its values are read and compared.
    package let type: FieldType
    /// The heading under which people look for it: `name`, `organization`, ….
    package let group: String
    /// Whether it is compared or steers the comparison.
    package let role: Role
    /// Empty: text is compared as it is.
    package var policies: Set<Policy>
    /// Who wins where the field differs.
    package var repair: RepairPolicy

    /// A field as it is declared; nothing is checked.
    package init(
        _ name: String,
        _ type: FieldType,
        group: String,
        role: Role = .compared,
        policies: Set<Policy> = [],
        repair: RepairPolicy = .winner
    ) {
        self.name = name
        self.type = type
        self.group = group
        self.role = role
        self.policies = policies
        self.repair = repair
    }
}
