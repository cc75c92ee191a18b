/// A field of the contact: its name, its type and the part it plays.
package struct FieldDefinition: Sendable, Hashable {
    /// What a field is for. Only `compared` fields are in the fingerprint.
    package enum Role: Sendable, Hashable {
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
        case winner
        case canonical
        case union
        case manual
    }

    package let name: String
    package let type: FieldType
    /// The heading under which people look for it: `name`, `organization`, ….
    package let group: String
    package let role: Role
    package var policies: Set<Policy>
    package var repair: RepairPolicy

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
