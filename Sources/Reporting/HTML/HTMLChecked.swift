import Contacts

/// What was checked: a table of rule by store with what came of it.
struct HTMLChecked {
    let title: String
    let names: [HTMLName]
    let rows: [Row]
    let isEmpty: Bool

    struct Row {
        let rule: String
        let cells: [Cell]
    }

    struct Cell {
        /// Nil where the rule was not checked in the store.
        let outcome: String?
        /// Where something was found, its severity.
        let level: String
    }

    init(_ report: AuditReport) {
        let checked = report.coverage.checked
        var rules: [RuleID] = []
        for item in checked where rules.last != item.rule { rules.append(item.rule) }
        // What names no store has a column of its own, where there is any.
        let stores = report.stores.map { Optional($0.name) } + (checked.contains { $0.store == nil } ? [nil] : [])
        names = stores.map { HTMLName(name: $0 ?? "no store") }
        title = "\(Format.counted(rules.count, "rule")) in \(Format.counted(report.stores.count, "store"))"
        isEmpty = checked.isEmpty
        rows = rules.map { rule in
            let ofRule = checked.filter { $0.rule == rule }
            let cells = stores.map { store in Self.cell(ofRule.first { $0.store == store }) }
            return Row(rule: rule.name, cells: cells)
        }
    }

    private static func cell(_ item: AuditReport.Checked?) -> Cell {
        guard let item else { return Cell(outcome: nil, level: "") }
        let parts = [
            item.errors == 0 ? nil : "✗ \(Format.counted(item.errors, "error"))",
            item.warnings == 0 ? nil : "! \(Format.counted(item.warnings, "warning"))",
            item.unchecked == 0 ? nil : "\(Format.count(item.unchecked)) not read again",
        ]
        .compactMap { $0 }
        let level = item.errors > 0 ? "error" : item.warnings > 0 ? "warning" : ""
        return Cell(outcome: parts.isEmpty ? "✓ none" : parts.joined(separator: ", "), level: level)
    }
}
