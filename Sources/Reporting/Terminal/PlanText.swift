package import Contacts

/// A repair plan as a few screens of text: what it does to which store, and what to run next.
package enum PlanText {
    /// Operations with a line each; the rest is counted.
    package static let operationLimit = 50
    /// Cases for a person with a line each; the rest is counted.
    package static let manualLimit = 20
    /// Fields of an operation by name; the rest is counted.
    static let fieldLimit = 4

    /// The plan as lines of text, with a line end after the last. No value of a contact is in it, only names of fields.
    /// Every text that comes from a store or a configuration is escaped, so that the only control sequences are ours.
    ///
    /// - Parameters:
    ///   - color: Whether to use ANSI colours. No colour carries a meaning that no word or sign does.
    ///   - file: Where the plan is, as the commands that are proposed name it.
    package static func render(_ plan: RepairPlan, color: Bool, file: String = "plan.json") -> String {
        let style = TerminalStyle(color: color)
        let summary = PlanSummary(plan)
        let sections = [
            head(plan, summary, style), stores(summary, style), operations(plan, summary, style), manual(plan, style),
            next(plan, file, style),
        ]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private static func head(_ plan: RepairPlan, _ summary: PlanSummary, _ style: TerminalStyle) -> [String] {
        let origin = "Plan \(plan.id), made by run \(plan.run) at \(Format.time(plan.createdAt))"
        return [style.strong(TerminalText.escape(summary.sentence)), style.quiet(TerminalText.escape(origin))]
    }

    private static func stores(_ summary: PlanSummary, _ style: TerminalStyle) -> [String] {
        guard !summary.stores.isEmpty else { return [] }
        var table = TerminalTable(["store", "+ insert", "~ update", "- delete", "~ merge", "guard"])
        table.alignsRight = [1, 2, 3, 4]
        for store in summary.stores {
            let counts = [store.counts.insert, store.counts.update, store.counts.delete, store.counts.merge]
            table.add([store.name] + counts.map { $0 > 0 ? Format.count($0) : "·" } + [store.guards])
        }
        return table.lines(style) + summary.guards.map { style.quiet("  \($0.rawValue): \($0.meaning)") }
    }

    private static func operations(_ plan: RepairPlan, _ summary: PlanSummary, _ style: TerminalStyle) -> [String] {
        guard !plan.operations.isEmpty else { return [] }
        var table = TerminalTable(["", "contact", "store", "action", "fields"])
        let shown = plan.operations.prefix(operationLimit)
        for operation in shown {
            let lost = operation.conflict.map { "  (overwrites a change of \($0.loser))" } ?? ""
            table.add([
                operation.action.sign, operation.contact, operation.store, operation.action.rawValue,
                operation.subject(naming: fieldLimit) + lost,
            ])
        }
        let rest = plan.operations.count - shown.count
        var lines = [style.strong("Operations: \(Format.count(plan.operations.count))")] + table.lines(style)
        if rest > 0 { lines.append(style.quiet("  and \(Format.count(rest)) more in the plan")) }
        if summary.conflicts > 0 {
            let count = Format.counted(summary.conflicts, "operation")
            let verb = summary.conflicts == 1 ? "overwrites" : "overwrite"
            lines.append("What \(count) \(verb) is kept: after the apply, rollcall conflicts lists it.")
        }
        return lines
    }

    private static func manual(_ plan: RepairPlan, _ style: TerminalStyle) -> [String] {
        guard !plan.manual.isEmpty else { return [] }
        let shown = plan.manual.prefix(manualLimit)
            .map { item in
                let fields = item.fields.isEmpty ? "" : ", \(item.fields.joined(separator: ", "))"
                let places = item.stores.isEmpty ? "" : " (\(item.stores.joined(separator: ", ")))"
                return "  \(TerminalText.escape("\(item.contact)\(places)\(fields): \(item.why)"))"
            }
        let rest = plan.manual.count - shown.count
        return [style.strong("For a person: \(Format.count(plan.manual.count))")] + shown
            + (rest > 0 ? [style.quiet("  and \(Format.count(rest)) more in the plan")] : [])
    }

    private static func next(_ plan: RepairPlan, _ file: String, _ style: TerminalStyle) -> [String] {
        let commands = NextCommand.all(plan, file: file)
        guard !commands.isEmpty else { return [] }
        var table = TerminalTable(["", ""])
        for command in commands { table.add([command.line, command.does]) }
        return [style.strong("Next:")] + table.lines(style).dropFirst()
    }
}
