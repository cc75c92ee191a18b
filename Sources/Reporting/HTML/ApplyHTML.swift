package import Contacts
import Foundation

/// What became of a plan, or of an undo, as one HTML page that loads nothing and runs nothing but its own script.
package enum ApplyHTML {
    /// Bytes of the page that operations may take.
    package static let rowBytes = 12_000_000

    /// The page. The same report and nonce give the same text. Where it does not hold all that needs a look it says so.
    ///
    /// - Parameter nonce: Letters and digits that no one can guess; for each page its own.
    /// - Throws: where the template is damaged.
    package static func render(_ report: ApplyReport, nonce: String = HTMLReport.makeNonce()) throws -> String {
        let summary = ApplySummary(report)
        let run = report.run
        let took = Format.duration(run.finishedAt.timeIntervalSince(run.startedAt))
        let page = HTMLRepairPage(
            nonce: nonce,
            title: "\(summary.word), \(Format.time(run.startedAt))",
            tone: summary.isCalm ? "consistent" : "inconclusive",
            symbol: summary.isCalm ? "✓" : "!",
            word: summary.word,
            sentence: summary.sentence,
            when: "\(run.verb) of \(Format.time(run.startedAt)), took \(took), run \(run.id)",
            figures: figures(report, summary),
            sections: [stores(report, summary), look(report, summary), changed(report), next(report, summary)],
            evidence: evidence(of: report)
        )
        return try page.render()
    }

    private static func figures(_ report: ApplyReport, _ summary: ApplySummary) -> [HTMLRepairPage.Figure] {
        [
            HTMLRepairPage.Figure(
                report.count(.done),
                ApplyReport.Outcome.done.words(isDryRun: report.isDryRun),
                report.isDryRun ? "nothing was written" : "written"
            ),
            HTMLRepairPage.Figure(report.count(.already), "already", "was as planned"),
            HTMLRepairPage.Figure(summary.needsLook, "to look at", "not as planned"),
            HTMLRepairPage.Figure(report.changedSince.count, "changed since", "written by others"),
            HTMLRepairPage.Figure(report.manual, "by hand", "left to a person"),
        ]
    }

    private static func stores(_ report: ApplyReport, _ summary: ApplySummary) -> HTMLRepairSection {
        var section = HTMLRepairSection(id: "stores", heading: "Stores")
        if report.isDryRun { section.note("This was a dry run: everything was checked, nothing was written.") }
        if report.isResumed { section.note("It went on with what an interrupted run had left.") }
        for kind in Set(report.guards.values).sorted(by: { $0.rawValue < $1.rawValue }) {
            section.note("\(kind.rawValue): \(kind.meaning).")
        }
        guard !summary.stores.isEmpty else {
            section.calm = "No store was written."
            return section
        }
        var table = HTMLRepairTable(
            "Outcomes by store",
            columns: ["Store"] + summary.words + ["read again", "Guard"]
        )
        for store in summary.stores {
            table.add(store.name, (store.counts + [store.verified]).map { .number($0) } + [.text(store.guard)])
        }
        section.table = table
        return section
    }

    private static func look(_ report: ApplyReport, _ summary: ApplySummary) -> HTMLRepairSection {
        var section = HTMLRepairSection(id: "look", heading: "Needs a look")
        guard summary.needsLook > 0 else {
            section.calm = "Every operation ended as planned."
            return section
        }
        section.caption = "These records stay as they are."
        fill(&section, "Operations that need a look", "look-list", report.entries, of: summary.needsLook)
        return section
    }

    private static func changed(_ report: ApplyReport) -> HTMLRepairSection {
        var section = HTMLRepairSection(id: "changed", heading: "Changed since")
        let read = report.verified.values.reduce(0, +)
        guard !report.changedSince.isEmpty else {
            section.calm =
                read == 0
                ? "No contact was read again." : "Read again: \(Format.counted(read, "record")), all as planned."
            return section
        }
        section.caption =
            "Read again: \(Format.counted(read, "record")). These are no longer as they were written: somebody wrote them since."
        let list = report.changedSince
        fill(&section, "Contacts that changed since", "changed-list", list, of: list.count)
        return section
    }

    private static func fill(
        _ section: inout HTMLRepairSection,
        _ label: String,
        _ id: String,
        _ entries: [ApplyReport.Entry],
        of count: Int
    ) {
        var table = HTMLRepairTable(label, columns: ["Contact", "Store", "Action", "Outcome", "Why"], searchedAs: id)
        for entry in entries {
            let action = "\(entry.action.sign) \(entry.action.rawValue)"
            table.add(entry.contact, [.text(entry.store), .text(action), .text(entry.outcome.words), .text(entry.why)])
            if table.bytes >= rowBytes { break }
        }
        if table.count < count {
            section.cut = "This page holds the first \(Format.count(table.count)) of \(Format.count(count))."
        }
        section.table = table
    }

    private static func next(_ report: ApplyReport, _ summary: ApplySummary) -> HTMLRepairSection {
        var section = HTMLRepairSection(id: "next", heading: "What to run next")
        if let undo = summary.undo {
            section.commands = [NextCommand(line: undo, does: "takes back what this run wrote")]
        } else if report.isDryRun, report.count(.done) > 0 {
            section.calm = "To write it, run the same command without --dry-run."
        } else {
            section.calm = "Nothing was written that could be taken back."
        }
        return section
    }

    private static func evidence(of report: ApplyReport) -> [HTMLFact] {
        let run = report.run
        let object =
            report.plan.map { [HTMLFact(name: "Plan", value: $0)] }
            ?? report.undoes.map { [HTMLFact(name: "Takes back run", value: $0)] } ?? []
        return object + [
            HTMLFact(name: "Run", value: run.id), HTMLFact(name: "Started", value: UTCTime.text(run.startedAt)),
            HTMLFact(name: "Finished", value: UTCTime.text(run.finishedAt)),
            HTMLFact(name: "Configuration", value: run.configuration),
            HTMLFact(name: "Ledger entry", value: run.chain == 0 ? "none" : "\(Format.count(run.chain)) in the chain"),
            HTMLFact(name: "Rollcall", value: run.version), HTMLFact(name: "Exit code", value: String(run.exit)),
            HTMLFact(name: "Report", value: report.schema),
        ]
    }
}
