/// What an audit found, as data. Holds masked values only, unless the report was asked to show them.
package struct Finding: Sendable, Hashable, Codable {
    /// Stable across runs: an HMAC of rule, contact and stores under the state folder's own key.
    package var id: String
    package var rule: RuleID
    package var kind: FindingKind
    package var severity: Severity
    /// The canonical contact_id; `store:row id` for a record without one; nil for a finding about a store.
    @ExplicitNull package var contact: String?
    package var stores: [String]
    package var fields: [FieldDifference]
    package var state: FindingState
    /// One sentence that says what is wrong and why it was flagged. Holds no value of the contact.
    package var message: String
    /// Other contacts or rows that belong to it, at most 100.
    package var related: [String]
    @ExplicitNull package var score: Double?
    @ExplicitNull package var repair: RepairProposal?

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
    package var name: String
    /// By store; nil where the value is absent. Masked unless values were asked for.
    package var values: [String: String?]
    /// Whether values that differ have the same mask.
    package var sameMask: Bool
    /// Length of the canonical text in characters, by store; 0 where absent.
    package var lengths: [String: Int]

    package init(name: String, values: [String: String?], sameMask: Bool, lengths: [String: Int]) {
        self.name = name
        self.values = values
        self.sameMask = sameMask
        self.lengths = lengths
    }
}

/// The repair that a finding would get.
package struct RepairProposal: Sendable, Hashable, Codable {
    package enum Action: String, Sendable, Hashable, Codable, CaseIterable {
        case insert
        case update
        case delete
        case link
        case merge
        case manual
        case unrepresentable
        case deferred
    }

    package enum Guard: String, Sendable, Hashable, Codable, CaseIterable {
        case exact
        case window
    }

    package var action: Action
    /// Where the first write goes.
    @ExplicitNull package var store: String?
    /// Whose value wins.
    @ExplicitNull package var source: String?
    @ExplicitNull package var `guard`: Guard?

    package init(action: Action, store: String?, source: String?, guard: Guard? = nil) {
        self.action = action
        _store = ExplicitNull(wrappedValue: store)
        _source = ExplicitNull(wrappedValue: source)
        _guard = ExplicitNull(wrappedValue: `guard`)
    }
}
