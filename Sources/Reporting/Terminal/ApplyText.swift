package import Contacts
import Foundation

/// What became of a plan, or of an undo, as a screen of text.
package enum ApplyText {
    /// Operations that need a look and contacts that changed since, with a line each; the rest is counted.
    package static let entryLimit = 20

    /// The report as lines of text, with a line end after the last. Every text that comes from a store or a configuration
    /// is escaped, so that the only control sequences are ours.
    ///
    /// - Parameter color: Whether to use ANSI colours. No colour carries a meaning that no word or sign does.
    package static func render(_ report: ApplyReport, color: Bool) -> String {
        let style = TerminalStyle(color: color)
        let summary = ApplySummary(report)
        let moved = report.changedSince
        let sections = [
            head(report, summary, style), stores(summary, style),
            entries("Needs a look", report.entries, of: summary.needsLook, style),
            entries("Changed since it was written", moved, of: moved.count, style),
            next(report, summary, style),
        ]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private static func head(_ report: ApplyReport, _ summary: ApplySummary, _ style: TerminalStyle) -> [String] {
        let word = summary.isCalm ? style.good("✓ \(summary.word)") : style.warning("! \(summary.word)")
        let run = report.run
        let took = Format.duration(run.finishedAt.timeIntervalSince(run.startedAt))
        let object = report.undoes.map { ", takes back run \($0)" } ?? report.plan.map { ", plan \($0)" } ?? ""
        let origin = "Run \(run.id)\(object), \(Format.time(run.startedAt)), \(took)"
        var lines = [
            "\(word)  \(style.strong(TerminalText.escape(summary.sentence)))", style.quiet(TerminalText.escape(origin)),
        ]
        if report.isDryRun { lines.append("Nothing was written: this was a dry run.") }
        if report.isResumed { lines.append("It went on with what an interrupted run had left.") }
        return lines
    }

    private static func stores(_ summary: ApplySummary, _ style: TerminalStyle) -> [String] {
        guard !summary.stores.isEmpty else { return [] }
        var table = TerminalTable(["store"] + summary.words + ["read again", "guard"])
        table.alignsRight = Set(1...(summary.words.count + 1))
        for store in summary.stores {
            let counts = (store.counts + [store.verified]).map { $0 > 0 ? Format.count($0) : "·" }
            table.add([store.name] + counts + [store.guard])
        }
        return table.lines(style)
    }

    /// - Parameter count: How many there are, those that the report has no room for included.
    private static func entries(
        _ title: String,
        _ entries: [ApplyReport.Entry],
        of count: Int,
        _ style: TerminalStyle
    ) -> [String] {
        guard count > 0 else { return [] }
        let shown = entries.prefix(entryLimit)
            .map { entry in
                let what =
                    "\(entry.outcome.words): \(entry.action.sign) \(entry.contact) (\(entry.store)): \(entry.why)"
                return "  \(TerminalText.escape(what))"
            }
        let rest = count - shown.count
        return [style.strong("\(title): \(Format.count(count))")] + shown
            + (rest > 0 ? [style.quiet("  and \(Format.count(rest)) more in the report")] : [])
    }

    private static func next(_ report: ApplyReport, _ summary: ApplySummary, _ style: TerminalStyle) -> [String] {
        if let undo = summary.undo { return ["\(style.quiet("To take it back:")) \(TerminalText.escape(undo))"] }
        guard report.isDryRun, report.count(.done) > 0 else { return [] }
        return [style.quiet("To write it, run the same command without --dry-run.")]
    }
}
