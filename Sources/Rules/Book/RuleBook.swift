package import Contacts

/// What the rule files set for one rule.
package struct RuleSettings: Sendable, Hashable {
    /// How much a finding of the rule weighs.
    package var severity: Severity
    /// Whether the rule is checked; where it is not, the coverage says so.
    package var enabled = true
    /// How many contacts or rows a finding names in `related` at most, 1 to 100; nil for a rule
    /// whose findings name few by their nature.
    package var maxRelated: Int?

    /// The rules that have `maxRelated`.
    static let limitsRelated: Set<RuleID> = [.duplicateKey, .duplicateIdentifier]

    /// An enabled rule of that severity.
    package init(severity: Severity) { self.severity = severity }
}

/// The settings of every rule, the rules of the user's own among them, and what is waived.
package struct RuleBook: Sendable, Hashable {
    var settings: [RuleID: RuleSettings]
    /// The rules of the user's own, by id.
    package internal(set) var custom: [CustomRule] = []
    /// In the order in which they are written, file by file; those that have expired included.
    package internal(set) var waivers: [Waiver] = []

    /// Every rule enabled and as severe as the catalog says.
    package static let standard = RuleBook(
        settings: Dictionary(
            uniqueKeysWithValues: RuleCatalog.all.map { rule in
                var settings = RuleSettings(severity: rule.severity)
                if RuleSettings.limitsRelated.contains(rule.id) { settings.maxRelated = 100 }
                return (rule.id, settings)
            }
        )
    )

    /// The settings of a rule; a rule that the catalog does not know is an enabled error.
    package subscript(rule: RuleID) -> RuleSettings { settings[rule] ?? RuleSettings(severity: .error) }

    /// Every setting of every rule, one rule a line, sorted by id, then every waiver, sorted: equal for equal settings,
    /// whatever the files look like. For the evidence of a report.
    package var settingsText: String {
        let custom = Dictionary(uniqueKeysWithValues: custom.map { ($0.id, $0.settingsText) })
        let rules = settings.sorted { $0.key < $1.key }
            .map { rule, settings in
                let state = settings.enabled ? settings.severity.rawValue : "off \(settings.severity.rawValue)"
                return "\(rule) \(state)" + (settings.maxRelated.map { " maxRelated=\($0)" } ?? "")
                    + (custom[rule].map { " \($0)" } ?? "")
            }
        return (rules + waivers.map(\.settingsText).sorted()).map { $0 + "\n" }.joined()
    }
}
