package import Contacts

/// The rules that exist.
package enum RuleCatalog {
    /// Every rule, by kind. Drift rules stand in the order in which they are tried: the first that holds is the one
    /// finding that a contact gets in a store.
    package static let all: [RuleDescription] = [
        RuleDescription(
            .driftTombstone,
            .error,
            "A contact was deleted in canonical and is alive in this store, or is soft-deleted here and alive there.",
            needsHistory: true
        ),
        RuleDescription(.driftMissing, .error, "A contact is in canonical and absent from this store."),
        RuleDescription(.driftOrphan, .error, "A contact is in this store and was never seen in canonical."),
        RuleDescription(
            .driftConflict,
            .error,
            "This store changed a contact since it last agreed with canonical, and canonical or another store changed "
                + "it to another value.",
            needsHistory: true
        ),
        RuleDescription(
            .driftStale,
            .error,
            "A contact differs and this store is behind: only canonical changed it, or this store's version is lower."
        ),
        RuleDescription(.driftField, .error, "A contact's values differ from canonical's; the fields are named."),
        RuleDescription(
            .driftSchema,
            .warning,
            "A column is missing, retyped or added; an error when the last run had the column.",
            needsHistory: true
        ),
        RuleDescription(.duplicateKey, .error, "One contact_id is on two or more rows of a store."),
        RuleDescription(.storeUnreadable, .error, "A row could not be decoded; it is never taken for an absence."),
        RuleDescription(.storeUnproved, .error, "It is not proved that a store was read to its end."),
    ]

    /// The rule of that id, or nil.
    package static subscript(id: RuleID) -> RuleDescription? { all.first { $0.id == id } }
}
