package import Contacts
package import Ledger

/// Counts the findings of an audit against the gate's limits.
package struct GateTally: Sendable {
    private struct Place: Hashable {
        let rule: RuleID
        /// Nil: the stores without a limit of their own.
        let store: String?
    }

    private let limits: GateLimits
    private let baseline: Set<String>
    private var counts: [Place: Int] = [:]
    /// Confirmed findings that were in the baseline, and do not count.
    package private(set) var known = 0
    /// Whether a store was not read through.
    package private(set) var isUnproved = false

    /// - Parameter baseline: ids of findings that do not count.
    package init(_ limits: GateLimits, baseline: Set<String>) {
        self.limits = limits
        self.baseline = baseline
    }

    /// Takes a finding in; only what is confirmed counts.
    package mutating func add(_ line: FindingLine, _ severity: Severity) {
        guard line.state == .confirmed else { return }
        // A store that was not read through makes the gate inconclusive, whatever was so before.
        guard line.rule != .storeUnproved else {
            isUnproved = true
            return
        }
        guard !baseline.contains(line.id) else {
            known += 1
            return
        }
        let own = line.stores.filter { limits.byStore[$0]?[line.rule] != nil }
        for store in own { counts[Place(rule: line.rule, store: store), default: 0] += 1 }
        guard line.stores.isEmpty || own.count < line.stores.count else { return }
        if limits.byRule[line.rule] != nil || severity == .error {
            counts[Place(rule: line.rule, store: nil), default: 0] += 1
        }
    }

    /// What is beyond its limit, by rule, then store.
    package var exceeded: [GateReport.Excess] {
        counts.compactMap { place, count in
            let limit = place.store.flatMap { limits.byStore[$0]?[place.rule] } ?? limits.byRule[place.rule] ?? 0
            return count > limit
                ? GateReport.Excess(rule: place.rule, store: place.store, findings: count, limit: limit) : nil
        }
        .sorted { ($0.rule, $0.store ?? "") < ($1.rule, $1.store ?? "") }
    }
}
