import Contacts
import Foundation

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
    let noun: String
    /// `120 errors, 13 warnings`; nil where nothing is confirmed.
    let severities: String?
    let new: String
    let gone: String
    let unchanged: String
    /// The page's icon as the text of a `data:` address: the band's colour, and a shape for each verdict.
    let icon: String

    init(_ report: AuditReport) {
        let (summary, run) = (report.summary, report.run)
        word = report.verdict.rawValue
        let shape: String
        switch report.verdict {
        case .consistent: (symbol, shape) = ("✓", "fill='%231d6b41' d='M8 1a7 7 0 1 0 .01 0z'")
        case .drift: (symbol, shape) = ("✗", "fill='%23b1241b' d='M1 1h14v14H1z'")
        case .inconclusive: (symbol, shape) = ("?", "fill='%23b87a10' d='M8 0l8 8-8 8-8-8z'")
        }
        icon = "%3Csvg xmlns='http%3A//www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath \(shape)/%3E%3C/svg%3E"
        sentence = VerdictSentence.text(report)
        verb = run.verb
        self.run = run.id
        time = Format.time(run.startedAt)
        duration = Format.duration(run.finishedAt.timeIntervalSince(run.startedAt))
        confirmed = Format.count(summary.findings)
        noun = summary.findings == 1 ? "confirmed finding" : "confirmed findings"
        let counts = Severity.allCases.sorted(by: >)
            .compactMap { severity in
                summary.bySeverity[severity.rawValue].map { Format.counted($0, severity.rawValue) }
            }
        severities = counts.isEmpty ? nil : counts.joined(separator: ", ")
        new = Format.count(summary.new)
        gone = Format.count(summary.gone)
        unchanged = Format.count(summary.unchanged)
    }
}
