package import Contacts
package import Foundation

/// Findings that are known and excused until a day.
package struct Waiver: Sendable, Hashable {
    /// The rule whose findings it excuses.
    package let rule: RuleID
    /// Canonical contact_ids; empty: every contact.
    package let contacts: Set<String>
    /// The store that a finding must be about, and no other; nil: any stores.
    package let store: String?
    /// Names of fields. A finding must name fields, and none but these; empty: any finding.
    package let fields: Set<String>
    /// Who answers for it.
    package let owner: String
    /// Why it is excused.
    package let reason: String
    /// The last day on which it holds, in UTC: `2026-12-31`.
    package let expires: String
    /// Where it is written.
    package let place: RulePlace

    /// Whether its last day is over.
    package func isExpired(on date: Date) -> Bool { Self.day(of: date) > expires }

    /// The day in UTC: `2026-12-31`.
    static func day(of date: Date) -> String { date.formatted(.iso8601.year().month().day()) }

    /// What it excuses, as one text: the same for the same fields, in whatever order they are written. The subject of a
    /// finding's identity.
    package var scope: String {
        let parts = [[rule.name], contacts.sorted(), store.map { [$0] } ?? [], fields.sorted()]
        return parts.map { "\($0.count):" + $0.map { "\($0.utf8.count):\($0)," }.joined() }.joined()
    }

    /// Whether it excuses the finding, days aside.
    func covers(_ finding: Finding) -> Bool {
        guard finding.rule == rule else { return false }
        if let store, finding.stores != [store] { return false }
        if !fields.isEmpty {
            guard !finding.fields.isEmpty, finding.fields.allSatisfy({ fields.contains($0.name) }) else { return false }
        }
        return contacts.isEmpty || finding.contact.map(contacts.contains) ?? false
    }

    /// Everything that it says, in one line.
    var settingsText: String {
        var parts = ["waiver \(rule)"]
        if !contacts.isEmpty {
            parts.append("contacts=\(SettingsText.quoted(contacts.sorted().joined(separator: " ")))")
        }
        if let store { parts.append("store=\(store)") }
        if !fields.isEmpty { parts.append("fields=\(fields.sorted().joined(separator: ","))") }
        parts += ["owner=\(SettingsText.quoted(owner))", "reason=\(SettingsText.quoted(reason))", "expires=\(expires)"]
        return parts.joined(separator: " ")
    }
}
