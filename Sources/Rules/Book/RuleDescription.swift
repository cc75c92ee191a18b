package import Contacts

/// What a rule is, whatever the settings say.
package struct RuleDescription: Sendable, Hashable {
    /// The rule's name.
    package let id: RuleID
    /// How much a finding weighs unless the rule files say otherwise.
    package let severity: Severity
    /// One sentence that says what the rule finds.
    package let summary: String
    /// Whether it cannot be checked, or not in full, on a store's first run.
    package let needsHistory: Bool

    init(_ id: RuleID, _ severity: Severity, _ summary: String, needsHistory: Bool = false) {
        self.id = id
        self.severity = severity
        self.summary = summary
        self.needsHistory = needsHistory
    }
}
