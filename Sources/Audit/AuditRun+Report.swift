import Contacts
import Fingerprint
import Foundation
import Ledger
import Reconcile

extension AuditRun {
    /// Decides the verdict, records the run, gives the rolls their names and makes the report.
    func finish(
        _ scan: Scan,
        _ compared: Compared,
        _ pairs: [PairCounts],
        _ log: FindingLog,
        _ coverage: Coverage,
        _ spool: SpoolFolder
    ) async throws -> AuditOutcome {
        try Task.checkCancellation()
        let covered = coverage.covered(canonical: scan.canonical.name, stores: input.stores.map(\.reader.name))
        let changes = try ledger.changes(against: log.lines, covered: covered)
        log.setChanges(new: changes.new, gone: changes.gone, unchanged: changes.unchanged)
        let verdict = verdict(scan, log)
        let exit = exit(verdict, log)
        let roots = await Roots(scan, compared.comparison)
        let stores = storeResults(scan, compared.comparison, roots)
        let finishedAt = input.now()
        let entry = RunEntry(
            id: id,
            verb: input.verb,
            startedAt: startedAt,
            finishedAt: finishedAt,
            verdict: verdict,
            exit: exit.rawValue,
            version: input.version,
            configuration: input.configuration,
            counts: log.summary.byRule,
            stores: stores.map { runStore($0, scan) },
            coverage: covered
        )
        let chain = try await state.withLock {
            // The record comes last: a run that is in the chain has left everything behind that it says.
            for roll in compared.rolls { try roll.commit() }
            return try ledger.record(entry, findings: log.lines, historyKey: input.historyKey)
        }
        let report = AuditReport(
            run: AuditReport.Run(
                id: id,
                verb: input.verb,
                startedAt: startedAt,
                finishedAt: finishedAt,
                version: input.version,
                configuration: input.configuration,
                exit: exit.rawValue,
                chain: chain
            ),
            verdict: verdict,
            stores: stores,
            agreement: agreement(scan, compared.comparison, pairs, roots),
            summary: log.summary,
            findings: log.first.sorted(by: Self.isShownBefore),
            coverage: AuditReport.Coverage(notChecked: coverage.notChecked)
        )
        return AuditOutcome(report: report, findings: log, spool: spool)
    }

    /// Confirmed errors first, then by rule, store and contact.
    private static func isShownBefore(_ a: Finding, _ b: Finding) -> Bool {
        func rank(_ finding: Finding) -> Int {
            (finding.state == .confirmed ? 0 : 2) + (finding.severity == .error ? 0 : 1)
        }
        if rank(a) != rank(b) { return rank(a) < rank(b) }
        if a.rule != b.rule { return a.rule < b.rule }
        if a.stores != b.stores { return a.stores.lexicographicallyPrecedes(b.stores) }
        let (x, y) = (a.contact ?? "", b.contact ?? "")
        return x.count != y.count && Int64(x) != nil && Int64(y) != nil ? x.count < y.count : x < y
    }

    private func verdict(_ scan: Scan, _ log: FindingLog) -> Verdict {
        if log.confirmed[.error, default: 0] > 0 { return .drift }
        return scan.unproved.isEmpty && log.unchecked == 0 ? .consistent : .inconclusive
    }

    private func exit(_ verdict: Verdict, _ log: FindingLog) -> ExitCode {
        if let failOn = input.failOn {
            let counted = log.confirmed.filter { $0.key >= failOn }.reduce(0) { $0 + $1.value }
            if counted > 0 { return .findings }
        }
        let isInconclusive = log.summary.byRule[RuleID.storeUnproved.name] != nil || log.unchecked > 0
        return isInconclusive ? .inconclusive : .done
    }

    /// The roots of all stores: a store's own over what it shares with canonical, and canonical's over each such set.
    struct Roots {
        let canonical: String
        let stores: [String: String]
        /// Canonical's, by compared store.
        let shared: [String: String]

        init(_ scan: Scan, _ comparison: StoreComparison) async {
            let sets = scan.canonical.fingerprint.sets.count
            let wanted = (0..<sets).map { (scan.canonical, $0) } + scan.stores.map { ($0, 0) }
            let roots = await withTaskGroup(of: (Int, String).self) { group in
                for (number, (store, set)) in wanted.enumerated() {
                    group.addTask { (number, store.fingerprint.root(set)) }
                }
                return await group.reduce(into: [String](repeating: "", count: wanted.count)) { $0[$1.0] = $1.1 }
            }
            canonical = roots[0]
            stores = Dictionary(uniqueKeysWithValues: zip(scan.stores.map(\.name), roots[sets...]))
            shared = Dictionary(uniqueKeysWithValues: comparison.stores.map { ($0.name, roots[$0.canonicalSet]) })
        }
    }

    private func storeResults(
        _ scan: Scan,
        _ comparison: StoreComparison,
        _ roots: Roots
    ) -> [AuditReport.StoreResult] {
        ([input.canonical] + input.stores)
            .map { store in
                let name = store.reader.name
                let isCanonical = name == scan.canonical.name
                let unproved = scan.unproved.first { $0.name == name }
                let scanned = isCanonical ? scan.canonical : scan.stores.first { $0.name == name }
                let layout = scanned?.fingerprint.layout ?? unproved?.layout
                let newest = scanned.map { $0.fingerprint.counts.newestChange } ?? .min
                return AuditReport.StoreResult(
                    name: name,
                    kind: store.reader.kind,
                    canonical: isCanonical,
                    records: scanned?.fingerprint.counts.records,
                    root: isCanonical ? roots.canonical : roots.stores[name],
                    scheme: input.scheme.rawValue,
                    complete: unproved == nil && scanned != nil,
                    newestChange: newest == .min ? nil : Date(timeIntervalSince1970: Double(newest) / 1_000_000),
                    proof: unproved?.reason ?? scanned?.proof.statement ?? "it was not read",
                    snapshotAt: scanned?.session.snapshotAt,
                    seconds: scanned?.seconds ?? 0,
                    fields: layout?.comparedFields.map(\.field.name) ?? [],
                    notCompared: layout?.notCompared ?? []
                )
            }
    }

    private func runStore(_ store: AuditReport.StoreResult, _ scan: Scan) -> RunStore {
        RunStore(
            name: store.name,
            kind: store.kind,
            canonical: store.canonical,
            records: store.records,
            root: store.root,
            complete: store.complete,
            columns: scan.layouts.first { $0.name == store.name }?.layout.columns
        )
    }

    private func agreement(
        _ scan: Scan,
        _ comparison: StoreComparison,
        _ pairs: [PairCounts],
        _ roots: Roots
    ) -> [AuditReport.Agreement] {
        let names = [scan.canonical.name] + comparison.stores.map(\.name)
        return zip(StorePairs.all(stores: comparison.stores.count), pairs)
            .map { pair, counts in
                let isCanonical = pair.a == 0
                return AuditReport.Agreement(
                    a: names[pair.a],
                    b: names[pair.b],
                    equal: counts.equal,
                    differ: counts.differ,
                    onlyA: counts.onlyA,
                    onlyB: counts.onlyB,
                    sharedRootA: isCanonical ? roots.shared[names[pair.b]] : nil,
                    sharedRootB: isCanonical ? roots.stores[names[pair.b]] : nil
                )
            }
    }
}
