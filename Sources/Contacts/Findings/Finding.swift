/// What an audit found, as data. Holds masked values only, unless the report was asked to show them.
package struct Finding: Sendable, Hashable, Codable {
    /// Stable across runs: an HMAC of rule, contact and stores under the state folder's own key.
    package var id: String
    /// What is wrong; its description is in the rule catalog.
    package var rule: RuleID
    /// The family of the rule.
    package var kind: FindingKind
    /// As the rule files set it for the rule; always an error for a column that was lost.
    package var severity: Severity
    /// The canonical contact_id; `store:row id` for a record without one; nil for a finding about a store.
    @ExplicitNull package var contact: String?
    /// The stores it is about. Drift names the one that differs from canonical, whoever is right.
    package var stores: [String]
    /// The fields that differ, in schema order; empty for a rule that is not about fields.
    package var fields: [FieldDifference]
    /// What the second read made of it.
    package var state: FindingState
    /// One sentence that says what is wrong and why it was flagged. Holds no value of the contact.
    package var message: String
    /// Other contacts or rows that belong to it, at most 100.
    package var related: [String]
    /// From 0 to 1, how likely a guess is to be right; nil for a rule that does not guess.
    @ExplicitNull package var score: Double?
    /// The repair it would get; nil where none is proposed, as for what is not confirmed.
    @ExplicitNull package var repair: RepairProposal?

    /// A finding as it is reported; nothing is checked.
    package init(
        id: String = "",
        rule: RuleID,
        kind: FindingKind,
        severity: Severity,
        contact: String?,
        stores: [String],
        fields: [FieldDifference] = [],
        state: FindingState = .confirmed,
        message: String,
        related: [String] = [],
        score: Double? = nil,
        repair: RepairProposal? = nil
    ) {
        self.id = id
        self.rule = rule
        self.kind = kind
        self.severity = severity
        _contact = ExplicitNull(wrappedValue: contact)
        self.stores = stores
        self.fields = fields
        self.state = state
        self.message = message
        self.related = related
        _score = ExplicitNull(wrappedValue: score)
        _repair = ExplicitNull(wrappedValue: repair)
    }
}

/// One field that differs: what each store shows of it.
package struct FieldDifference: Sendable, Hashable, Codable {
    /// The field's name in the schema.
    package var name: String
    /// By store; nil where the value is absent. Masked unless values were asked for.
    package var values: [String: String?]
    /// Whether values that differ have the same mask.
    package var sameMask: Bool
    /// Length of the canonical text in characters, by store; 0 where absent.
    package var lengths: [String: Int]
    /// What a damaged value certainly was, shown as the values are; nil where that is not known.
    package var proposed: String?

    /// A difference as it is shown; nothing is checked, and values are masked by whoever passes them.
    package init(
        name: String,
        values: [String: String?],
        sameMask: Bool,
        lengths: [String: Int],
        proposed: String? = nil
    ) {
        self.name = name
        self.values = values
        self.sameMask = sameMask
        self.lengths = lengths
        self.proposed = proposed
    }
}

/// The repair that a finding would get.
package struct RepairProposal: Sendable, Hashable, Codable {
    /// What the first write does.
    package enum Action: String, Sendable, Hashable, Codable, CaseIterable {
        /// Adds the contact to `store`.
        case insert
        /// Writes the fields that differ.
        case update
        /// Marks the contact deleted, or removes it where the store has no mark for that.
        case delete
        /// Gives a row of the contact its key.
        case link
        /// Makes one row of several equal ones.
        case merge
        /// None: a person must decide.
        case manual
        /// None: the store refuses the value.
        case unrepresentable
        /// None yet: the store cannot change the row for the moment.
        case deferred
    }

    /// How surely a write meets the record that it was planned for.
    package enum Guard: String, Sendable, Hashable, Codable, CaseIterable {
        /// Comparing and writing are one transaction.
        case exact
        /// The record is compared just before it is written; another writer may come between.
        case window
    }

    /// What is done to `store`.
    package var action: Action
    /// Where the first write goes, or the store that differs where a person must decide; nil: none in particular.
    @ExplicitNull package var store: String?
    /// The store whose value wins; nil where a person must decide.
    @ExplicitNull package var source: String?
    /// Nil where nothing is written.
    @ExplicitNull package var `guard`: Guard?

    /// A proposal as it is reported; nothing is checked.
    package init(action: Action, store: String?, source: String?, guard: Guard? = nil) {
        self.action = action
        _store = ExplicitNull(wrappedValue: store)
        _source = ExplicitNull(wrappedValue: source)
        _guard = ExplicitNull(wrappedValue: `guard`)
    }
}
