import Contacts
import Foundation

/// What the template shows: texts, ready but for escaping. The template finds its properties by their names.
struct HTMLPage {
    let nonce: String
    let css = String(decoding: PackageResources.report_css, as: UTF8.self)
    let script = String(decoding: PackageResources.report_js, as: UTF8.self)
    /// The findings as inert JSON, with the names that filter links count on.
    let data: String

    let verdict: HTMLVerdict
    let stores: [HTMLStore]
    let matrix: HTMLMatrix
    let heat: HTMLHeatMap
    let notChecked: [HTMLNotChecked]
    let hasNotChecked: Bool
    let evidence: [HTMLFact]
    let findings: String
    let hasFindings: Bool
    let truncated: HTMLTruncation?

    init(_ report: AuditReport, nonce: String) throws {
        self.nonce = nonce
        let fields = HTMLHeatMap.fields(of: report)
        let encoder = JSONReport.encoder([.sortedKeys, .withoutEscapingSlashes])
        let payload = Payload(stores: report.stores.map(\.name), fields: fields, findings: report.findings)
        data = HTMLText.inert(json: try encoder.encode(payload))
        verdict = HTMLVerdict(report)
        stores = report.stores.map(HTMLStore.init)
        matrix = HTMLMatrix(report)
        heat = HTMLHeatMap(report, fields: fields)
        notChecked = report.coverage.notChecked.map(HTMLNotChecked.init)
        hasNotChecked = !notChecked.isEmpty
        evidence = HTMLFact.evidence(of: report)
        findings = Format.counted(report.findings.count, "finding")
        hasFindings = !report.findings.isEmpty
        truncated = report.truncated.map { HTMLTruncation(all: Format.count($0.findings), file: $0.file) }
    }

    private struct Payload: Encodable {
        let stores: [String]
        let fields: [String]
        let findings: [Finding]
    }
}

/// The band at the top.
struct HTMLVerdict {
    let word: String
    let symbol: String
    let sentence: String
    let verb: String
    let run: String
    let time: String
    let duration: String
    let confirmed: String
    let new: String
    let gone: String
    let unchanged: String

    init(_ report: AuditReport) {
        word = report.verdict.rawValue
        symbol =
            switch report.verdict {
            case .consistent: "✓"
            case .drift: "✗"
            case .inconclusive: "?"
            }
        sentence = VerdictSentence.text(report)
        verb = report.run.verb
        run = report.run.id
        time = Format.time(report.run.startedAt)
        duration = Format.duration(report.run.finishedAt.timeIntervalSince(report.run.startedAt))
        confirmed = Format.counted(report.summary.findings, "confirmed finding")
        new = Format.count(report.summary.new)
        gone = Format.count(report.summary.gone)
        unchanged = Format.count(report.summary.unchanged)
    }
}

/// One store's card.
struct HTMLStore {
    let name: String
    let kind: String
    let canonical: Bool
    let records: String?
    let root: String?
    let shortRoot: String?
    let complete: Bool
    let proof: String
    let snapshot: String
    let newest: String
    let seconds: String
    let fields: String
    let notComparedCount: String
    let notCompared: [NotCompared]
    let hasNotCompared: Bool

    init(_ store: AuditReport.StoreResult) {
        name = store.name
        kind = store.kind
        canonical = store.canonical
        records = store.records.map(Format.count)
        root = store.root
        shortRoot = store.root.map { "\($0.split(separator: ":").last.map { String($0.prefix(8)) } ?? "")…" }
        complete = store.complete
        proof = store.proof
        snapshot = store.snapshotAt.map(Format.time) ?? "none"
        newest = store.newestChange.map(Format.time) ?? "unknown"
        seconds = Format.duration(store.seconds)
        fields = Format.counted(store.fields.count, "field")
        notComparedCount = Format.count(store.notCompared.count)
        notCompared = store.notCompared
        hasNotCompared = !store.notCompared.isEmpty
    }
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

/// Where the rest of the findings is.
struct HTMLTruncation {
    let all: String
    let file: String
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
