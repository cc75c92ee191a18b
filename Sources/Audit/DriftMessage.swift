import Contacts

/// One sentence for a finding of drift: what is wrong and why it was flagged. No values.
enum DriftMessage {
    /// What is wrong, by the rule.
    ///
    /// - Parameter rowsWithoutKey: rows of the store that have no key that can be read; each may be the contact that it lacks.
    static func text(
        _ rule: RuleID,
        store: String,
        canonical: String,
        fields: [String],
        isDeletedInStore: Bool,
        rowsWithoutKey: Int
    ) -> String {
        let names = fields.joined(separator: ", ")
        return switch rule {
        case .driftTombstone where isDeletedInStore: "\(store) marks the contact as deleted; \(canonical) holds it."
        case .driftTombstone: "\(canonical) deleted the contact; \(store) still holds it."
        case .driftMissing where rowsWithoutKey > 0:
            "\(canonical) holds the contact; \(store) does not, unless it is one of \(rowsWithoutKey) rows there without a key"
                + " that can be read."
        case .driftMissing: "\(canonical) holds the contact; \(store) does not."
        case .driftOrphan: "\(store) holds the contact; \(canonical) never had it."
        case .driftConflict:
            "\(names): \(store) changed since it last agreed with \(canonical), and so did another side, to another value."
        case .driftStale: "\(names): \(store) is behind; \(canonical) has moved on."
        default: "\(names): \(store) differs from \(canonical)."
        }
    }

    /// For a suspect beyond the number that is read again.
    static func unchecked(_ store: String, _ canonical: String) -> String {
        "\(store) differs from \(canonical) by the scan; it was not read again, since there were too many suspects."
    }
}
