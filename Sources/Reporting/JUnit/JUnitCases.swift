import Contacts

/// The cases of a store.
struct JUnitSuite {
    /// Nil: those that are about no store in particular.
    let store: String?
    let cases: [JUnitCase]

    var name: String { store ?? JUnitReport.allStores }
}

/// The cases of a report: what was checked, and what was not.
struct JUnitCases {
    private struct Pair: Hashable {
        let rule: RuleID
        let store: String?
    }

    /// A suite for each store of the report, for each that was left out, and for what is about none.
    private(set) var suites: [JUnitSuite] = []
    private let report: AuditReport
    private let checked: [Pair: AuditReport.Checked]
    /// Confirmed findings that the report holds.
    private let findings: [Pair: [Finding]]

    init(_ report: AuditReport) {
        self.report = report
        let confirmed = report.findings.filter { $0.state == .confirmed }
        let (done, left) = (report.coverage.checked, report.coverage.notChecked)
        checked = Dictionary(
            done.map { (Pair(rule: $0.rule, store: $0.store), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        findings = confirmed.reduce(into: [:]) { findings, finding in
            let places: [String?] = finding.stores.isEmpty ? [nil] : finding.stores
            for store in places {
                findings[Pair(rule: finding.rule, store: store), default: []].append(finding)
            }
        }
        let named = report.stores.map(\.name) + left.compactMap(\.store) + done.compactMap(\.store)
        let stores: [String?] = Self.unique(named + confirmed.flatMap(\.stores)) + [nil]
        let rules = Self.unique(done.map(\.rule) + left.compactMap { $0.rule.map(RuleID.init) } + confirmed.map(\.rule))
        let cases = stores.map { store in rules.compactMap { `case`(Pair(rule: $0, store: store)) } }
        let shown = Set(cases.joined().map(\.name))
        suites = zip(stores, cases)
            .map { store, cases in
                let others = left.filter {
                    $0.store == store && ($0.rule.map { store == nil && !shown.contains($0) } ?? true)
                }
                return JUnitSuite(store: store, cases: cases + coverage(store, others))
            }
            .filter { !$0.cases.isEmpty }
    }

    private static func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
        var seen: Set<Element> = []
        return elements.filter { seen.insert($0).inserted }
    }

    private func `case`(_ pair: Pair) -> JUnitCase? {
        if checked[pair] != nil || findings[pair] != nil { return judged(pair) }
        guard let store = pair.store, let reason = reason(pair.rule, store) else { return nil }
        return JUnitCase(store: store, name: pair.rule.name, result: .skipped(reason))
    }

    /// What is said of a pair, or of its rule in all stores.
    private func remarks(_ rule: RuleID, _ store: String?) -> [String] {
        report.coverage.notChecked.filter { $0.rule == rule.name && ($0.store == nil || $0.store == store) }
            .map { $0.what == rule.name ? $0.why : Self.text($0) }
    }

    private static func text(_ item: AuditReport.NotChecked) -> String { "\(item.what): \(item.why)" }
}

// MARK: What was checked

extension JUnitCases {
    private func judged(_ pair: Pair) -> JUnitCase {
        let held = findings[pair] ?? []
        let (errors, warnings) = (held.filter { $0.severity == .error }, held.filter { $0.severity == .warning })
        let counts =
            checked[pair]
            ?? AuditReport.Checked(
                rule: pair.rule,
                store: pair.store,
                errors: errors.count,
                warnings: warnings.count
            )
        var result = JUnitCase(store: pair.store ?? JUnitReport.allStores, name: pair.rule.name)
        let unchecked = "\(Format.counted(counts.unchecked, "difference")) of the scan not read again"
        if counts.errors > 0 {
            let explanation = explanation(counts.errors, errors)
            result.result = pair.rule == .storeUnproved ? .error(explanation) : .failed(explanation)
        } else if counts.unchecked > 0 {
            result.result = .skipped(unchecked)
        }
        if counts.warnings > 0 {
            let explanation = explanation(counts.warnings, warnings)
            result.output += ["Warning: \(explanation.message)"] + explanation.lines
        }
        if counts.errors > 0, counts.unchecked > 0 { result.output.append("Not checked: \(unchecked)") }
        result.output += remarks(pair.rule, pair.store).map { "Not checked: \($0)" }
        if pair.rule == .storeUnproved { result.seconds = report.stores.first { $0.name == pair.store }?.seconds ?? 0 }
        return result
    }

    /// - Parameter held: those of the findings that the report has room for.
    private func explanation(_ count: Int, _ held: [Finding]) -> JUnitCase.Explanation {
        let stores = report.stores.map(\.name)
        let shown = held.prefix(JUnitReport.findingLimit).map { JUnitFinding(finding: $0, stores: stores) }
        let number = Format.counted(count, "finding")
        guard let first = shown.first else {
            return JUnitCase.Explanation(message: "\(number), for which the report has no room", lines: [])
        }
        guard count > 1 else { return JUnitCase.Explanation(message: first.sentence, lines: first.fields) }
        let rest = count - shown.count
        return JUnitCase.Explanation(
            message: "\(number), the first of them: \(first.sentence)",
            lines: shown.flatMap { [$0.sentence] + $0.fields } + (rest > 0 ? ["and \(Format.count(rest)) more"] : [])
        )
    }
}

// MARK: What was not

extension JUnitCases {
    /// Why a rule was not checked in a store; nil where nothing says that it should have been.
    private func reason(_ rule: RuleID, _ store: String) -> String? {
        let all = report.coverage.notChecked
        let canonical = report.stores.first(where: \.canonical)
        let compares = rule.kind == .drift && rule != .driftSchema
        let isNamed = all.contains { $0.rule == rule.name && $0.store == store }
        if compares, store == canonical?.name, !isNamed { return nil }
        let remarks = remarks(rule, store)
        if !remarks.isEmpty { return remarks.joined(separator: "; ") }
        let whole = Pair(rule: rule, store: nil)
        if checked[whole] != nil || findings[whole] != nil { return nil }
        let isRead = report.stores.contains { $0.name == store && $0.complete }
        if !isRead, let unread = all.first(where: { $0.rule == nil && $0.store == store }) { return unread.why }
        guard compares, let canonical, !canonical.complete else { return nil }
        return "\(canonical.name) was not read through"
    }

    /// The case of what belongs to no rule.
    private func coverage(_ store: String?, _ items: [AuditReport.NotChecked]) -> [JUnitCase] {
        guard !items.isEmpty else { return [] }
        let reason = items.map(Self.text).joined(separator: "; ")
        return [JUnitCase(store: store ?? JUnitReport.allStores, name: "coverage", result: .skipped(reason))]
    }
}
