import Audit
import Contacts

/// The gate's verdict as one line: `gate: CLOSED (exit 1): drift.field in crm: 5 findings, 3 allowed`.
enum GateSentence {
    /// Excesses that are named; the rest is counted.
    private static let shown = 3

    static func text(_ decision: GateReport.Decision, _ tally: GateTally, _ check: SafetyReport) -> String {
        let word = decision == .open ? "OPEN" : "CLOSED"
        let known = tally.known > 0 ? "; \(tally.known) known from the baseline" : ""
        return "gate: \(word) (exit \(decision.exit.rawValue)): \(check.overall.rawValue), "
            + "\(reason(decision, tally, check))\(known)"
    }

    private static func reason(_ decision: GateReport.Decision, _ tally: GateTally, _ check: SafetyReport) -> String {
        switch decision {
        case .open: "nothing is beyond its limit"
        case .inconclusive: "a store was not read through, or differences were not read again"
        case .failed: "the canonical store could not be read"
        case .unsafe:
            check.checks.filter { $0.status == .fail }.map(\.name.rawValue).joined(separator: ", ") + " failed"
        case .exceeded: excesses(tally.exceeded)
        }
    }

    private static func excesses(_ all: [GateReport.Excess]) -> String {
        let named = all.prefix(shown)
            .map { excess in
                let place = excess.store.map { " in \($0)" } ?? ""
                return "\(excess.rule)\(place): \(excess.findings) found, \(excess.limit) allowed"
            }
        let rest = all.count - named.count
        return named.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }
}
