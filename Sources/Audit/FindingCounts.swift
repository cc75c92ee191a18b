import Contacts
import Ledger

/// What is counted of a run's findings, whatever their number.
struct FindingCounts {
    private(set) var summary = AuditReport.Summary()
    /// Confirmed findings but those of `store.unproved`, by severity.
    private(set) var confirmed: [Severity: Int] = [:]
    private(set) var unchecked = 0
    /// Whether there are causes beyond `causeLimit`, whose findings are in no group.
    private(set) var hasMoreCauses = false
    private var pairs: [CoveredPair: Pair] = [:]
    private var causes: [FindingCause: Int] = [:]

    /// Causes that are told apart.
    static let causeLimit = 10_000

    private struct Pair {
        var errors = 0
        var warnings = 0
        var unchecked = 0
    }

    mutating func add(_ finding: Finding) {
        summary.byState[finding.state.rawValue, default: 0] += 1
        let isConfirmed = finding.state == .confirmed
        guard isConfirmed || finding.state == .unchecked else { return }
        let places: [String?] = finding.stores.isEmpty ? [nil] : finding.stores
        for store in places {
            let pair = CoveredPair(rule: finding.rule, store: store)
            switch finding.severity {
            case _ where !isConfirmed: pairs[pair, default: Pair()].unchecked += 1
            case .error: pairs[pair, default: Pair()].errors += 1
            case .warning: pairs[pair, default: Pair()].warnings += 1
            }
        }
        if isConfirmed { addConfirmed(finding) } else { unchecked += 1 }
    }

    private mutating func addConfirmed(_ finding: Finding) {
        if finding.rule != .storeUnproved { confirmed[finding.severity, default: 0] += 1 }
        summary.findings += 1
        summary.bySeverity[finding.severity.rawValue, default: 0] += 1
        summary.byKind[finding.kind.rawValue, default: 0] += 1
        summary.byRule[finding.rule.name, default: 0] += 1
        for store in finding.stores {
            summary.byStore[store, default: 0] += 1
            for field in finding.fields { summary.byStoreAndField[store, default: [:]][field.name, default: 0] += 1 }
        }
        for field in finding.fields { summary.byField[field.name, default: 0] += 1 }
        let cause = FindingCause(
            rule: finding.rule,
            stores: finding.stores,
            fields: finding.fields.map(\.name)
        )
        if causes[cause] != nil || causes.count < Self.causeLimit {
            causes[cause, default: 0] += 1
        } else {
            hasMoreCauses = true
        }
    }

    mutating func setChanges(_ changes: FindingChanges) {
        summary.new = changes.new
        summary.gone = changes.gone
        summary.unchanged = changes.unchanged
    }

    /// The pairs that were covered, in their order, with what came of each.
    func checked(_ covered: [CoveredPair]) -> [AuditReport.Checked] {
        covered.map { pair in
            let counts = pairs[pair] ?? Pair()
            return AuditReport.Checked(
                rule: pair.rule,
                store: pair.store,
                errors: counts.errors,
                warnings: counts.warnings,
                unchecked: counts.unchecked
            )
        }
    }

    /// The causes of two findings and more, most findings first, then by rule, stores and fields.
    func largestCauses(_ limit: Int) -> [(cause: FindingCause, findings: Int)] {
        causes.filter { $0.value > 1 }
            .sorted { a, b in
                if a.value != b.value { return a.value > b.value }
                if a.key.rule != b.key.rule { return a.key.rule < b.key.rule }
                if a.key.stores != b.key.stores { return a.key.stores.lexicographicallyPrecedes(b.key.stores) }
                return a.key.fields.lexicographicallyPrecedes(b.key.fields)
            }
            .prefix(limit)
            .map { (cause: $0.key, findings: $0.value) }
    }
}
