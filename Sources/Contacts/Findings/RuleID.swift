/// The name of a rule: `drift.field`, `custom.no_birthday`.
package struct RuleID: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) { self.name = name }

    package init(from decoder: any Decoder) throws { name = try decoder.singleValueContainer().decode(String.self) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }

    package var description: String { name }

    /// What comes before the dot: the word of `--only`.
    package var kind: FindingKind? { FindingKind(rawValue: String(name.prefix { $0 != "." })) }

    package static func < (lhs: RuleID, rhs: RuleID) -> Bool { lhs.name < rhs.name }

    package static let driftTombstone = RuleID("drift.tombstone")
    package static let driftMissing = RuleID("drift.missing")
    package static let driftOrphan = RuleID("drift.orphan")
    package static let driftConflict = RuleID("drift.conflict")
    package static let driftStale = RuleID("drift.stale")
    package static let driftField = RuleID("drift.field")
    package static let driftSchema = RuleID("drift.schema")
    package static let duplicateKey = RuleID("duplicate.key")
    package static let storeUnreadable = RuleID("store.unreadable")
    package static let storeUnproved = RuleID("store.unproved")
}

/// The families of rules.
package enum FindingKind: String, Sendable, Hashable, Codable, CaseIterable {
    case drift
    case duplicate
    case corruption
    case store
    case custom
    case waiver
}
