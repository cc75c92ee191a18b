import Contacts
import Foundation

/// What the template shows: texts, ready but for escaping. The template finds its properties by their names.
struct HTMLPage {
    let nonce: String
    let css = text(PackageResources.report_css) + text(PackageResources.report_list_css)
    let script =
        text(PackageResources.report_data_js) + text(PackageResources.report_detail_js)
        + text(PackageResources.report_copy_js) + text(PackageResources.report_list_js)
    /// The findings as inert JSON, with the names that filter links count on.
    let data: String

    let verdict: HTMLVerdict
    let stores: [HTMLStore]
    let matrix: HTMLMatrix
    let heat: HTMLHeatMap
    let spread: HTMLSpread
    let trend: HTMLTrend
    let causes: HTMLCauses
    let notChecked: [HTMLNotChecked]
    let hasNotChecked: Bool
    let repairs: HTMLRepairs
    let checked: HTMLChecked
    let evidence: [HTMLFact]
    let findings: String
    let hasFindings: Bool
    let cut: HTMLCut?

    init(_ report: AuditReport, _ held: HTMLFindings, nonce: String) throws {
        self.nonce = nonce
        let encoder = JSONReport.encoder([.sortedKeys, .withoutEscapingSlashes])
        data = HTMLText.inert(json: try encoder.encode(held))
        verdict = HTMLVerdict(report)
        stores = report.stores.map(HTMLStore.init)
        matrix = HTMLMatrix(report)
        heat = HTMLHeatMap(report, fields: held.fields)
        spread = HTMLSpread(report.spread)
        trend = HTMLTrend(report.trend)
        causes = HTMLCauses(report, held)
        notChecked = report.coverage.notChecked.map(HTMLNotChecked.init)
        hasNotChecked = !notChecked.isEmpty
        checked = HTMLChecked(report)
        evidence = HTMLFact.evidence(of: report)
        findings = Format.counted(held.count, "finding")
        hasFindings = held.count > 0
        let cut = HTMLCut(report, held: held.count)
        self.cut = cut
        repairs = HTMLRepairs(report, held, isCut: cut != nil)
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// One line of what was not checked.
struct HTMLNotChecked {
    let what: String
    let store: String
    let why: String

    init(_ item: AuditReport.NotChecked) {
        what = item.what
        store = item.store ?? "all"
        why = item.why
    }
}

/// How many findings there are, where the page does not hold all of them.
struct HTMLCut {
    let all: String
    /// Nil where no file was written for the rest.
    let file: String?

    init?(_ report: AuditReport, held: Int) {
        let count = report.truncated?.findings ?? report.summary.byState.values.reduce(0, +)
        guard count > held else { return nil }
        all = Format.count(count)
        file = report.truncated?.file
    }
}

/// A name and a value of the evidence.
struct HTMLFact {
    let name: String
    let value: String

    static func evidence(of report: AuditReport) -> [HTMLFact] {
        let run = report.run
        let schemes = Set(report.stores.map(\.scheme)).sorted().joined(separator: ", ")
        return [
            HTMLFact(name: "Run", value: run.id),
            HTMLFact(name: "Started", value: UTCTime.text(run.startedAt)),
            HTMLFact(name: "Finished", value: UTCTime.text(run.finishedAt)),
            HTMLFact(name: "Configuration", value: run.configuration),
            HTMLFact(name: "Ledger entry", value: "\(Format.count(run.chain)) in the chain"),
            HTMLFact(name: "Fingerprint scheme", value: schemes),
            HTMLFact(name: "Rollcall", value: run.version),
            HTMLFact(name: "Exit code", value: String(run.exit)),
            HTMLFact(name: "Report", value: report.schema),
        ]
    }
}
