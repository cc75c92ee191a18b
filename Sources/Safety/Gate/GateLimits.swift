package import Contacts

/// How many confirmed findings the gate lets pass. A rule without a limit lets no finding of severity error pass, and every
/// warning.
package struct GateLimits: Sendable, Hashable {
    /// By rule, over all stores that have no limit of their own for it.
    package var byRule: [RuleID: Int]
    /// By store, then rule.
    package var byStore: [String: [RuleID: Int]]

    /// Limits as they are configured; nothing is checked.
    package init(byRule: [RuleID: Int] = [:], byStore: [String: [RuleID: Int]] = [:]) {
        self.byRule = byRule
        self.byStore = byStore
    }
}
