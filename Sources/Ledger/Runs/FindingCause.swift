package import Contacts

/// What findings have in common that one fault is likely to have made: the same rule, stores and fields.
package struct FindingCause: Sendable, Hashable {
    /// The rule.
    package var rule: RuleID
    /// Names of the stores, in the findings' order.
    package var stores: [String]
    /// Names of the fields, in the findings' order.
    package var fields: [String]

    /// A cause as it is counted; nothing is checked.
    package init(rule: RuleID, stores: [String], fields: [String]) {
        self.rule = rule
        self.stores = stores
        self.fields = fields
    }
}

extension FindingLine {
    /// What it shares with findings of one cause.
    package var cause: FindingCause { FindingCause(rule: rule, stores: stores, fields: fields) }
}
