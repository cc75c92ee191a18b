package import Contacts
import Foundation

/// The report as a few screens of text.
package enum TerminalReport {
    /// Things that were not checked, by name; the rest is counted.
    static let notCheckedLimit = 5
    /// Groups of findings, as a sentence each; the rest is counted.
    static let groupLimit = 5

    /// The report as lines of text, with a line end after the last. Every text that comes from a store or a configuration
    /// is escaped, so that the only control sequences are ours.
    ///
    /// - Parameter color: Whether to use ANSI colours. No colour carries a meaning that no word does.
    package static func render(_ report: AuditReport, color: Bool) -> String {
        let style = TerminalStyle(color: color)
        let sections = [
            head(report, style), stores(report, style), findings(report, style), groups(report, style),
            notChecked(report, style),
        ]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private static func head(_ report: AuditReport, _ style: TerminalStyle) -> [String] {
        let word =
            switch report.verdict {
            case .consistent: style.good("✓ consistent")
            case .drift: style.bad("✗ drift")
            case .inconclusive: style.warning("? inconclusive")
            }
        let sentence = TerminalText.escape(VerdictSentence.text(report))
        let run = report.run
        let time = "\(Format.time(run.startedAt)), \(Format.duration(run.finishedAt.timeIntervalSince(run.startedAt)))"
        return ["\(word)  \(style.strong(sentence))", style.quiet("Run \(TerminalText.escape(run.id)), \(time)")]
    }

    private static func stores(_ report: AuditReport, _ style: TerminalStyle) -> [String] {
        let canonical = report.stores.first(where: \.canonical)?.name
        var table = TerminalTable(["store", "kind", "records", "complete", "equal", "differ", "missing", "extra"])
        table.alignsRight = [2, 4, 5, 6, 7]
        for store in report.stores {
            let pair = report.agreement.first { $0.a == canonical && $0.b == store.name }
            let cells = pair.map { pair in
                let total = pair.equal + pair.differ + pair.onlyA + pair.onlyB
                return [Format.share(pair.equal, of: total)] + [pair.differ, pair.onlyA, pair.onlyB].map(Format.count)
            }
            table.add(
                [store.name, store.kind, store.records.map(Format.count) ?? "not read", store.complete ? "yes" : "NO"]
                    + (cells ?? (store.canonical ? ["canonical", "", "", ""] : ["–", "–", "–", "–"]))
            )
        }
        return table.lines(style)
    }

    private static func findings(_ report: AuditReport, _ style: TerminalStyle) -> [String] {
        let summary = report.summary
        let changes = "\(Format.count(summary.new)) new, \(Format.count(summary.gone)) gone, "
        let head =
            "\(Format.counted(summary.findings, "confirmed finding")): "
            + "\(changes)\(Format.count(summary.unchanged)) unchanged"
        let others = summary.byState.filter { $0.key != FindingState.confirmed.rawValue && $0.value > 0 }
            .sorted { $0.key < $1.key }
            .map { "\(Format.count($0.value)) \(TerminalText.escape($0.key))" }
        let tail = others.isEmpty ? [] : [style.quiet("Not counted: \(others.joined(separator: ", "))")]
        let (table, isCut) = byRule(report)
        let cut = "Counts by store are of the \(Format.counted(report.findings.count, "finding")) in the report."
        return [style.strong(head)] + table.lines(style) + (isCut ? [style.quiet(cut)] : []) + tail
    }

    /// Rules by stores, and whether some of the counts are of the findings in the report only, which has no room for all:
    /// those of pairs that were not checked as a whole.
    private static func byRule(_ report: AuditReport) -> (table: TerminalTable, isCut: Bool) {
        let stores = report.stores.map(\.name)
        var counts: [RuleID: [String: Int]] = [:]
        for pair in report.coverage.checked {
            if let store = pair.store { counts[pair.rule, default: [:]][store] = pair.errors + pair.warnings }
        }
        let whole = counts
        var isCut = false
        for finding in report.findings where finding.state == .confirmed {
            for store in finding.stores where whole[finding.rule]?[store] == nil {
                counts[finding.rule, default: [:]][store, default: 0] += 1
                isCut = report.truncated != nil
            }
        }
        let rules = report.summary.byRule.filter { $0.value > 0 }.keys.sorted()
        guard !rules.isEmpty else { return (TerminalTable([]), false) }
        var table = TerminalTable(["rule", "all"] + stores)
        table.alignsRight = Set(1...(stores.count + 1))
        for rule in rules {
            let row = stores.map { store in
                let count = counts[RuleID(rule)]?[store] ?? 0
                return count > 0 ? Format.count(count) : "·"
            }
            table.add([rule, Format.count(report.summary.byRule[rule] ?? 0)] + row)
        }
        return (table, isCut)
    }

    /// The largest groups of findings that have one cause.
    private static func groups(_ report: AuditReport, _ style: TerminalStyle) -> [String] {
        guard !report.groups.isEmpty else { return [] }
        let shown = report.groups.prefix(groupLimit)
            .map { group in
                let new = group.new == group.findings ? "all" : Format.count(group.new)
                let tail = group.new > 0 ? " (\(new) new)" : ""
                return "  \(TerminalText.escape(GroupSentence.text(group)))\(tail)"
            }
        let rest = report.groups.count - shown.count
        return [style.strong("Grouped by cause:")] + shown
            + (rest > 0 ? [style.quiet("  and \(Format.counted(rest, "more group")) in the report")] : [])
    }

    private static func notChecked(_ report: AuditReport, _ style: TerminalStyle) -> [String] {
        let all = report.coverage.notChecked
        guard !all.isEmpty else { return [style.quiet("Not checked: nothing was left out.")] }
        let shown = all.prefix(notCheckedLimit)
            .map { item in
                let place = item.store.map { " (\($0))" } ?? ""
                return "  \(TerminalText.escape("\(item.what)\(place): \(item.why)"))"
            }
        let rest = all.count - shown.count
        return [style.strong("Not checked: \(Format.count(all.count))")] + shown
            + (rest > 0 ? [style.quiet("  and \(Format.count(rest)) more in the report")] : [])
    }
}
