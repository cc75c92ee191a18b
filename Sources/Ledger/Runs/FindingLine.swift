package import Contacts

/// A finding as the ledger keeps it: no values, no message.
package struct FindingLine: Sendable, Hashable {
    /// Stable across runs: see `FindingIdentity`.
    package var id: String
    package var rule: RuleID
    package var contact: String?
    package var stores: [String]
    /// Names of the fields.
    package var fields: [String]
    package var state: FindingState

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
