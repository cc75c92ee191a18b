package import Contacts
import Foundation

/// The safety checks as a screen of text.
package enum CheckText {
    /// The checks, what they vouch for and the overall word, with a line end after the last. What comes from stores or the
    /// configuration is escaped.
    ///
    /// - Parameters:
    ///   - evidence: whether what was seen step by step is shown, too.
    ///   - color: whether to use ANSI colours. No colour carries a meaning that no word does.
    package static func render(_ report: SafetyReport, evidence: Bool, color: Bool) -> String {
        let style = TerminalStyle(color: color)
        let parts = [head(report, style), checks(report, evidence, style), pipelines(report, style)]
        return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private static func head(_ report: SafetyReport, _ style: TerminalStyle) -> [String] {
        let word =
            switch report.overall {
            case .safe: style.good("✓ SAFE")
            case .safeWithWarnings: style.warning("! SAFE_WITH_WARNINGS")
            case .unsafe: style.bad("✗ UNSAFE")
            }
        let counts = SafetyReport.Status.allCases.map { status in
            "\(report.checks.count { $0.status == status }) \(status.rawValue)"
        }
        let time = report.run.finishedAt.timeIntervalSince(report.run.startedAt)
        return [
            "\(word)  \(style.strong(counts.joined(separator: ", ")))",
            style.quiet(
                "Run \(TerminalText.escape(report.run.id)), \(Format.time(report.run.startedAt)), \(Format.duration(time))"
            ),
        ]
    }

    private static func checks(_ report: SafetyReport, _ evidence: Bool, _ style: TerminalStyle) -> [String] {
        let width = report.checks.map(\.name.rawValue.count).max() ?? 0
        return report.checks.flatMap { check in
            let name = check.name.rawValue.padding(to: width)
            let facts = "\(name)  \(sources(check).padding(to: 15))  \(Format.duration(check.seconds).padding(to: 6))"
            var lines = ["  \(word(check.status, style))  \(facts)  \(TerminalText.escape(check.message))"]
            if evidence {
                lines += check.evidence.map {
                    style.quiet("          \($0.source.rawValue): \(TerminalText.escape($0.seen))")
                }
            }
            if let advice = check.advice { lines.append("          → \(TerminalText.escape(advice))") }
            return lines
        }
    }

    private static func word(_ status: SafetyReport.Status, _ style: TerminalStyle) -> String {
        switch status {
        case .pass: style.good(status.rawValue)
        case .warn: style.warning(status.rawValue)
        case .fail: style.bad(status.rawValue)
        }
    }

    /// On what a check was done.
    private static func sources(_ check: SafetyReport.Check) -> String {
        let sources = Set(check.evidence.map(\.source))
        return SafetyReport.Evidence.Source.allCases.filter(sources.contains).map(\.rawValue).joined(separator: ", ")
    }

    private static func pipelines(_ report: SafetyReport, _ style: TerminalStyle) -> [String] {
        var table = TerminalTable(["pipeline", "vouched for", ""])
        for pipeline in report.pipelines {
            table.add([pipeline.name.rawValue, pipeline.state.rawValue, pipeline.message])
        }
        return table.lines(style)
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
