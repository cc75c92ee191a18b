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
    /// A contact is in a store and was never in canonical; so is a record without a key that is no contact's.
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
    /// One e-mail or phone is held by several contacts.
    package static let duplicateIdentifier = RuleID("duplicate.identifier")
    /// A record without a key has an e-mail or phone of a contact.
    package static let duplicateUnlinked = RuleID("duplicate.unlinked")
    /// A text was read in another encoding than it was written in, or holds characters that no text should.
    package static let corruptionEncoding = RuleID("corruption.encoding")
    /// A JSON column does not parse, or repeats a key.
    package static let corruptionJSON = RuleID("corruption.json")
    /// A text ends where a column was too short for it.
    package static let corruptionTruncated = RuleID("corruption.truncated")
    /// A date, bool or number is none.
    package static let corruptionType = RuleID("corruption.type")
    /// A contact has no name, or a row no key of the store's own.
    package static let corruptionRequired = RuleID("corruption.required")
    /// A category code is none, or a subcategory belongs to another category.
    package static let corruptionCategory = RuleID("corruption.category")
    /// An e-mail or phone is impossible.
    package static let corruptionIdentifier = RuleID("corruption.identifier")
    /// A value stands in the column of another field.
    package static let corruptionSwapped = RuleID("corruption.swapped")
    /// A row's stored checksum does not match it.
    package static let corruptionChecksum = RuleID("corruption.checksum")
    /// The database file contradicts itself.
    package static let corruptionStorage = RuleID("corruption.storage")
    /// A version went backwards.
    package static let corruptionVersion = RuleID("corruption.version")
    /// A time cannot be true.
    package static let corruptionTime = RuleID("corruption.time")
    /// A waiver no longer excuses anything.
    package static let waiverExpired = RuleID("waiver.expired")
    /// A row cannot be decoded, has a key that cannot be read, or has none in canonical.
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
