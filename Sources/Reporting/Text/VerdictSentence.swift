package import Contacts

/// The audit's result as a person would say it: "3 of 4 stores agree; crm differs on 41 of 12,480 contacts, most in
/// phones."
package enum VerdictSentence {
    /// One line of plain text. Counts confirmed findings; names stores as the configuration does, not escaped.
    package static func text(_ report: AuditReport) -> String {
        guard let canonical = report.stores.first(where: \.canonical), let records = canonical.records else {
            let name = report.stores.first(where: \.canonical)?.name ?? "The canonical store"
            return "\(name) was not read, so nothing can be said."
        }
        let differences = report.stores.filter { !$0.canonical }.compactMap { Difference(of: $0.name, in: report) }
            .sorted { ($1.contacts, $0.store) < ($0.contacts, $1.store) }
        let unproved = report.stores.filter { !$0.complete }.map(\.name)
        let unconfirmed = unconfirmed(in: report)
        let agreeing = report.stores.count { store in
            store.complete && unconfirmed[store.name] == nil && !differences.contains { $0.store == store.name }
        }

        var clauses: [String] = []
        if differences.isEmpty, !unconfirmed.isEmpty {
            clauses.append(describe(unconfirmed, canonical: canonical.name))
        } else if differences.isEmpty {
            clauses.append(agreement(agreeing, of: report.stores.count, canonical: canonical.name, records: records))
        } else {
            if agreeing > 1 { clauses.append("\(agreeing) of \(report.stores.count) stores agree") }
            clauses.append(describe(differences, canonical: agreeing > 1 ? nil : canonical.name, records: records))
        }
        clauses += other(in: report, drifts: !differences.isEmpty)
        if !unproved.isEmpty {
            clauses.append("\(list(unproved)) \(unproved.count == 1 ? "was" : "were") not proved to be read through")
        }
        return clauses.joined(separator: "; ") + "."
    }

    /// Contacts that the scan saw to differ, by store, where no finding says so.
    private static func unconfirmed(in report: AuditReport) -> [String: Int] {
        report.agreement.filter { $0.sharedRootA != nil }
            .reduce(into: [:]) { counts, pair in
                let count = pair.differ + pair.onlyA + pair.onlyB
                if count > 0 { counts[pair.b] = count }
            }
    }

    /// `The scan saw crm differ from warehouse on 3 contacts, which is not confirmed`.
    private static func describe(_ unconfirmed: [String: Int], canonical: String) -> String {
        let stores = unconfirmed.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let first =
            "The scan saw \(stores[0].key) differ from \(canonical) on \(Format.counted(stores[0].value, "contact"))"
        let others = stores.dropFirst().map { "\($0.key) on \(Format.count($0.value))" }
        return (others.isEmpty ? first : "\(first), \(list(others))") + ", which is not confirmed"
    }

    private static func agreement(_ agreeing: Int, of total: Int, canonical: String, records: Int) -> String {
        let contacts = Format.counted(records, "contact")
        return switch (agreeing, total) {
        case (_, 1): "\(canonical) holds \(contacts)"
        case (2, 2): "Both stores agree on \(contacts)"
        case (total, _): "All \(total) stores agree on \(contacts)"
        case (...1, _): "No store was seen to differ from \(canonical) so far"
        default: "\(agreeing) of \(total) stores agree on \(contacts)"
        }
    }

    /// `crm differs on 41 of 12,480 contacts, most in phones; app on 3`.
    private static func describe(_ differences: [Difference], canonical: String?, records: Int) -> String {
        let worst = differences[0]
        let from = canonical.map { " from \($0)" } ?? ""
        var text =
            "\(worst.store) differs\(from) on \(Format.count(worst.contacts)) of \(Format.counted(records, "contact"))"
        text += worst.reason.map { ", \($0)" } ?? ""
        let others = differences.dropFirst().map { "\($0.store) on \(Format.count($0.contacts))" }
        return others.isEmpty ? text : "\(text); \(list(others))"
    }

    /// What is wrong beside contacts that differ.
    private static func other(in report: AuditReport, drifts: Bool) -> [String] {
        let rules = report.summary.byRule.filter { rule, count in
            count > 0 && rule != RuleID.storeUnproved.name
                && (!rule.hasPrefix("drift.") || rule == RuleID.driftSchema.name)
        }
        let count = rules.values.reduce(0, +)
        guard count > 0, let top = rules.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return [] }
        let share = rules.count == 1 ? "all \(top.key)" : "most often \(top.key)"
        return ["\(Format.count(count)) \(drifts ? "other " : "")finding\(count == 1 ? "" : "s") (\(share))"]
    }

    static func list(_ parts: [String]) -> String {
        guard parts.count > 1, let last = parts.last else { return parts.first ?? "" }
        return "\(parts.dropLast().joined(separator: ", ")) and \(last)"
    }
}

/// How a store differs from canonical.
private struct Difference {
    let store: String
    let contacts: Int
    /// `most in phones`, `all missing there`; nil where no reason stands out.
    let reason: String?

    /// Nil where the store was not seen to differ.
    init?(of store: String, in report: AuditReport) {
        self.store = store
        let drift = report.findings.filter {
            $0.kind == .drift && $0.state == .confirmed && $0.contact != nil && $0.stores.contains(store)
        }
        if report.truncated == nil {
            contacts = Set(drift.compactMap(\.contact)).count
        } else {
            let pair = report.agreement.first { $0.b == store && $0.sharedRootA != nil }
            contacts = pair.map { $0.differ + $0.onlyA + $0.onlyB } ?? drift.count
        }
        guard contacts > 0 else { return nil }
        reason = Self.reason(drift)
    }

    private static func reason(_ drift: [Finding]) -> String? {
        var counts: [String: Int] = [:]
        for finding in drift {
            switch finding.rule {
            case .driftMissing: counts["missing there", default: 0] += 1
            case .driftOrphan: counts["held only there", default: 0] += 1
            case .driftTombstone: counts["deleted on one side", default: 0] += 1
            default: for field in finding.fields { counts["in \(field.name)", default: 0] += 1 }
            }
        }
        guard let top = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), drift.count > 0 else { return nil }
        if top.value == drift.count { return drift.count == 1 ? top.key : "all \(top.key)" }
        return top.value * 2 > drift.count ? "most \(top.key)" : "most often \(top.key)"
    }
}
