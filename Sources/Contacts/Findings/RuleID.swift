/// The name of a rule: `drift.field`, `custom.no_birthday`.
package struct RuleID: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// A kind, a dot and a word.
    package let name: String

    /// The rule of that name, which need not exist.
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

    /// A contact is deleted on one side and alive on the other.
    package static let driftTombstone = RuleID("drift.tombstone")
    /// A contact is in canonical and absent from a store.
    package static let driftMissing = RuleID("drift.missing")
    /// A contact is in a store and was never in canonical.
    package static let driftOrphan = RuleID("drift.orphan")
    /// A store and another side changed a contact to different values since they last agreed.
    package static let driftConflict = RuleID("drift.conflict")
    /// A store is behind: only canonical changed, or the store's version is lower.
    package static let driftStale = RuleID("drift.stale")
    /// Values differ, and no rule that is tried before says why.
    package static let driftField = RuleID("drift.field")
    /// A store's table is not as the schema or the last run has it.
    package static let driftSchema = RuleID("drift.schema")
    /// One key is on several rows of a store.
    package static let duplicateKey = RuleID("duplicate.key")
    /// A row cannot be decoded, or has no key to tell it from others.
    package static let storeUnreadable = RuleID("store.unreadable")
    /// It is not proved that a store was read to its end.
    package static let storeUnproved = RuleID("store.unproved")
}

/// The families of rules.
package enum FindingKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A store does not hold what canonical holds.
    case drift
    /// A store holds something twice.
    case duplicate
    /// A value is damaged, whatever other stores hold.
    case corruption
    /// How a store could be read. Rules of this family always run.
    case store
    /// A rule of the user's own.
    case custom
    /// A waiver that no longer excuses anything.
    case waiver
}
