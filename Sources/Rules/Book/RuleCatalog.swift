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
        RuleDescription(
            .driftOrphan,
            .error,
            "A contact is in this store and was never seen in canonical; likewise a record without a contact_id that is no "
                + "contact's by its e-mails and phones."
        ),
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
        RuleDescription(.duplicateKey, .error, "One contact_id is on two or more living rows of a store."),
        RuleDescription(
            .duplicateIdentifier,
            .warning,
            "One e-mail or phone is on two or more contacts of a store."
        ),
        RuleDescription(
            .duplicateUnlinked,
            .warning,
            "A record without a contact_id has an e-mail or phone of a contact in canonical. It is linked to it where both "
                + "have that e-mail, else phone, alone and the store lacks the contact."
        ),
        RuleDescription(
            .corruptionEncoding,
            .error,
            "A text was read in another encoding than it was written in, holds HTML entities or escaped characters, lost "
                + "characters (U+FFFD), control characters other than tab and newline, or is no UTF-8."
        ),
        RuleDescription(.corruptionJSON, .error, "A JSON value does not parse, or repeats a key."),
        RuleDescription(
            .corruptionTruncated,
            .error,
            "A text is the beginning of the one that most stores hold, cut at a length at which columns end."
        ),
        RuleDescription(.corruptionType, .error, "A date, time, bool or number is none."),
        RuleDescription(
            .corruptionRequired,
            .error,
            "A contact has no name: neither canonical, full, first or last name, nor nickname or organization."
        ),
        RuleDescription(
            .corruptionCategory,
            .error,
            "category_code is not one of A to H and X, or subcategory_code is none of that category."
        ),
        RuleDescription(.corruptionIdentifier, .error, "An e-mail address or phone number is impossible."),
        RuleDescription(
            .corruptionSwapped,
            .error,
            "A value stands in another field than its own: an e-mail address, date or identifier in a name, an e-mail "
                + "address among phones, a phone number among e-mails, codes or texts that changed places."
        ),
        RuleDescription(
            .corruptionChecksum,
            .error,
            "The checksum that a store keeps of a row (stores.NAME.checksum) does not match it."
        ),
        RuleDescription(
            .corruptionStorage,
            .error,
            "The store's engine finds its file damaged, or a row that refers to one that does not exist."
        ),
        RuleDescription(
            .corruptionVersion,
            .warning,
            "A contact's version is lower than one that an earlier run saw in the same store.",
            needsHistory: true
        ),
        RuleDescription(
            .corruptionTime,
            .warning,
            "A time is the first moment of 1970, is in the future, or says that a row was written before it was made."
        ),
        RuleDescription(.waiverExpired, .warning, "A waiver has expired: what it excused counts again."),
        RuleDescription(
            .storeUnreadable,
            .error,
            "A row could not be decoded, has a contact_id that cannot be read, or has none in canonical; it is never taken "
                + "for an absence."
        ),
        RuleDescription(.storeUnproved, .error, "It is not proved that a store was read to its end."),
    ]

    /// The rule of that id, or nil.
    package static subscript(id: RuleID) -> RuleDescription? { all.first { $0.id == id } }
}
