package import Contacts

/// A finding as the ledger keeps it: no values, no message.
package struct FindingLine: Sendable, Hashable {
    /// Stable across runs: see `FindingIdentity`.
    package var id: String
    /// What is wrong.
    package var rule: RuleID
    /// The canonical contact_id; `store:row id` for a record without one; nil for a finding about a store.
    package var contact: String?
    /// Names of the stores that it is about, in the finding's order.
    package var stores: [String]
    /// Names of the fields.
    package var fields: [String]
    /// What the second read made of it.
    package var state: FindingState

    /// A line as it is kept; nothing is checked.
    package init(
        id: String,
        rule: RuleID,
        contact: String?,
        stores: [String],
        fields: [String] = [],
        state: FindingState = .confirmed
    ) {
        self.id = id
        self.rule = rule
        self.contact = contact
        self.stores = stores
        self.fields = fields
        self.state = state
    }

    /// What the ledger keeps of a finding.
    package init(_ finding: Finding) {
        self.init(
            id: finding.id,
            rule: finding.rule,
            contact: finding.contact,
            stores: finding.stores,
            fields: finding.fields.map(\.name),
            state: finding.state
        )
    }
}
