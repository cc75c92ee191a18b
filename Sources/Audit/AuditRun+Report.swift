import Contacts
import Fingerprint
import Foundation
import Ledger
import Reconcile

extension AuditRun {
    /// Decides the verdict, records the run, gives the rolls their names and makes the report.
    ///
    /// - Parameter end: what the run ends with; nil: what its findings say.
    func finish(
        _ scan: Scan,
        _ compared: Compared,
        _ pairs: [PairCounts],
        _ log: FindingLog,
        _ coverage: Coverage,
        _ waivers: WaiverReview,
        _ spool: SpoolFolder,
        end: ExitCode?
    ) async throws -> AuditOutcome {
        try Task.checkCancellation()
        let compares = input.stores.map(\.reader.name)
        var coverage = coverage
        var covered = coverage.covered(canonical: scan.canonical.name, stores: compares)
        if isEnabled(.waiverExpired) { covered += waivers.covered }
        for line in waivers.idle(log.waivers, covered: covered) { coverage.add(line) }
        let causes = log.counts.largestCauses(AuditReport.groupLimit)
        let changes = try ledger.changes(against: log.lines, covered: covered, causes: causes.map(\.cause))
        log.setChanges(changes)
        let verdict = verdict(scan, log)
        let exit = end ?? exit(verdict, log)
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
            counts: log.counts.summary.byRule,
            stores: stores.map { runStore($0, scan) },
            coverage: covered
        )
        let earlier = try ledger.trend(
            canonical: scan.canonical.name,
            stores: compares,
            limit: AuditReport.trendLimit - 1
        )
        let chain = try await state.withLock {
            // The record comes last: a run that is in the chain has left everything behind that it says.
            for roll in compared.rolls { try roll.commit() }
            return try ledger.record(entry, findings: log.lines, historyKey: input.historyKey)
        }
        var report = AuditReport(
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
            summary: log.counts.summary,
            findings: try log.withFirst(AuditReport.findingLimit) { Array($0) },
            coverage: AuditReport.Coverage(
                checked: log.counts.checked(covered),
                notChecked: coverage.notChecked + notGathered(log)
            )
        )
        report.groups = causes.map { cause, findings in
            AuditReport.Group(
                rule: cause.rule,
                stores: cause.stores,
                fields: cause.fields,
                findings: findings,
                new: changes.newByCause[cause] ?? 0
            )
        }
        let run = AuditReport.TrendRun(
            run: id,
            startedAt: startedAt,
            verdict: verdict,
            byRule: log.counts.summary.byRule
        )
        report.trend = earlier + [run]
        report.spread = log.spread.spread(at: startedAt)
        return AuditOutcome(
            report: report,
            findings: log,
            unread: scan.unproved.compactMap(\.error),
            spool: spool
        )
    }

    /// What there was too much of to be shown together.
    private func notGathered(_ log: FindingLog) -> [AuditReport.NotChecked] {
        var result: [AuditReport.NotChecked] = []
        if log.counts.hasMoreCauses {
            let limit = FindingCounts.causeLimit
            result.append(
                AuditReport.NotChecked(
                    what: "groups of findings",
                    why: "there are more than \(limit) causes; findings of those beyond are in no group"
                )
            )
        }
        if log.spread.hasMore {
            result.append(
                AuditReport.NotChecked(
                    what: "spread of differing contacts",
                    why: "more than \(SpreadCounter.limit) contacts differ; those beyond are not in it"
                )
            )
        }
        return result
    }

    private func verdict(_ scan: Scan, _ log: FindingLog) -> Verdict {
        if log.counts.confirmed[.error, default: 0] > 0 { return .drift }
        return scan.unproved.isEmpty && log.unchecked == 0 ? .consistent : .inconclusive
    }

    private func exit(_ verdict: Verdict, _ log: FindingLog) -> ExitCode {
        if let failOn = input.failOn {
            let counted = log.counts.confirmed.filter { $0.key >= failOn }.reduce(0) { $0 + $1.value }
            if counted > 0 { return .findings }
        }
        let isInconclusive = log.counts.summary.byRule[RuleID.storeUnproved.name] != nil || log.unchecked > 0
        return isInconclusive ? .inconclusive : .done
    }

    /// The roots of all stores: a store's own over what it shares with canonical, and canonical's over each such set.
    struct Roots {
        /// Nil where it is not known, since not every record was read.
        let canonical: String?
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
            canonical = scan.canonical.fingerprint.isKnown(0) ? roots[0] : nil
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
