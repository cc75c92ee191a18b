package import Contacts

/// What the rule files set for one rule.
package struct RuleSettings: Sendable, Hashable {
    /// How much a finding of the rule weighs.
    package var severity: Severity
    /// Whether the rule is checked; where it is not, the coverage says so.
    package var enabled = true
    /// How many contacts or rows a finding names in `related` at most, 1 to 100; only `duplicate.key` has it.
    package var maxRelated: Int?

    /// An enabled rule of that severity.
    package init(severity: Severity) { self.severity = severity }
}

/// The settings of every rule.
package struct RuleBook: Sendable, Hashable {
    var settings: [RuleID: RuleSettings]

    /// Every rule enabled and as severe as the catalog says.
    package static let standard = RuleBook(
        settings: Dictionary(
            uniqueKeysWithValues: RuleCatalog.all.map { rule in
                var settings = RuleSettings(severity: rule.severity)
                if rule.id == .duplicateKey { settings.maxRelated = 100 }
                return (rule.id, settings)
            }
        )
    )

    /// The settings of a rule; a rule that the catalog does not know is an enabled error.
    package subscript(rule: RuleID) -> RuleSettings { settings[rule] ?? RuleSettings(severity: .error) }

    /// Every setting of every rule, one rule a line, sorted by id: equal for equal settings, whatever the files look
    /// like. For the evidence of a report.
    package var settingsText: String {
        settings.sorted { $0.key < $1.key }
            .map { rule, settings in
                let state = settings.enabled ? settings.severity.rawValue : "off \(settings.severity.rawValue)"
                return "\(rule) \(state)" + (settings.maxRelated.map { " maxRelated=\($0)" } ?? "") + "\n"
            }
            .joined()
    }
}
