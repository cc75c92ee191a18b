/// What the release gate came to beside its audit, as `gate --json` has it (`rollcall.gate/1`).
package struct GateReport: Sendable, Hashable, Codable {
    /// The format's name and version.
    package static let schema = "rollcall.gate/1"

    /// The format that the report is in.
    package var schema = Self.schema
    /// Whether a release may go out.
    package var decision: Decision
    /// One line: the decision and why.
    package var verdict: String
    /// The run whose findings do not count; nil: all count.
    @ExplicitNull package var baseline: String?
    /// Confirmed findings that were in the baseline, and do not count.
    package var known: Int
    /// What is beyond its limit, by rule, then store.
    package var exceeded: [Excess]
    /// The checks.
    package var check: SafetyReport
    /// The audit (`rollcall.report/1`); nil where canonical could not be read.
    @ExplicitNull package var audit: AuditReport?

    /// A gate as it came out; nothing is checked.
    package init(
        decision: Decision,
        verdict: String,
        baseline: String?,
        known: Int,
        exceeded: [Excess],
        check: SafetyReport,
        audit: AuditReport?
    ) {
        self.decision = decision
        self.verdict = verdict
        _baseline = ExplicitNull(wrappedValue: baseline)
        self.known = known
        self.exceeded = exceeded
        self.check = check
        _audit = ExplicitNull(wrappedValue: audit)
    }

    /// Whether a release may go out; each has its exit code.
    package enum Decision: String, Sendable, Hashable, Codable, CaseIterable {
        /// Exit 0: it is safe, and nothing is beyond its limit.
        case open
        /// Exit 1: findings are beyond their limit.
        case exceeded
        /// Exit 3: a store was not read through, so nobody can tell.
        case inconclusive
        /// Exit 4: a safety check failed.
        case unsafe
        /// Exit 5: the canonical store could not be read.
        case failed
    }

    /// A rule of which there are more findings than its limit lets pass.
    package struct Excess: Sendable, Hashable, Codable {
        /// The rule.
        package var rule: RuleID
        /// The store that has a limit of its own; nil: all others.
        @ExplicitNull package var store: String?
        /// Findings that count.
        package var findings: Int
        /// How many may pass.
        package var limit: Int

        /// A rule as it was counted.
        package init(rule: RuleID, store: String?, findings: Int, limit: Int) {
            self.rule = rule
            _store = ExplicitNull(wrappedValue: store)
            self.findings = findings
            self.limit = limit
        }
    }
}
