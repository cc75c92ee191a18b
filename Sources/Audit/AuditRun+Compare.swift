import Contacts
import Fingerprint
import Foundation
import Ledger
import Reconcile
import Repair
import Rules

extension AuditRun {
    /// What is compared, and the rolls that are brought forward with it.
    struct Compared {
        let comparison: StoreComparison
        /// By compared store; empty where no roll may be written.
        let rolls: [RollWriter]
    }

    /// Opens the rolls of all stores.
    func compared(_ scan: Scan, coverage: inout Coverage) throws -> Compared {
        var stores: [ComparedStore] = []
        var rolls: [RollWriter] = []
        let sets = scan.canonical.fingerprint.sets
        for store in scan.stores {
            let set = store.fingerprint.sets[0]
            let head = rollHead(scan.canonical.fingerprint.layout, store.fingerprint.layout)
            let path = "\(state.rolls)/\(store.name).roll"
            let history = try readRoll(path, store.name, &coverage)
            if history == nil {
                for rule in [RuleID.driftConflict, .driftTombstone, .corruptionVersion] where isEnabled(rule) {
                    coverage.addFirstRun(of: store.name, rule: rule)
                }
            }
            let isComparable = history.map { $0.head.isComparable(to: head) } ?? false
            if history != nil, !isComparable {
                coverage.leaveOut(.driftConflict, of: store.name)
                coverage.add(
                    what: "history of values",
                    store: store.name,
                    why: "fields or their settings have changed since its last run"
                )
            }
            stores.append(
                ComparedStore(
                    name: store.name,
                    fingerprint: store.fingerprint,
                    canonicalSet: sets.firstIndex(of: set) ?? 0,
                    history: history,
                    isHistoryComparable: isComparable
                )
            )
            if scan.isCanonicalProved { rolls.append(try RollWriter(path: path, head: head)) }
        }
        if stores.allSatisfy({ $0.history == nil }), isEnabled(.corruptionVersion) {
            coverage.addFirstRun(of: scan.canonical.name, rule: .corruptionVersion)
        }
        return Compared(
            comparison: StoreComparison(
                canonical: scan.canonical.fingerprint,
                stores: scan.isCanonicalProved ? stores : [],
                now: Int64(startedAt.timeIntervalSince1970),
                retention: input.retention.components.seconds,
                memory: input.memory / 4
            ),
            rolls: rolls
        )
    }

    /// A damaged roll is no history; the next one takes its place.
    ///
    /// - Throws: `SpoolError` where the system cannot read it: it may be whole.
    func readRoll(_ path: String, _ store: String, _ coverage: inout Coverage) throws -> RollFile? {
        do {
            return try RollFile(path: path)
        } catch let error where error.isDamage {
            coverage.add(what: "history", store: store, why: "its roll is damaged and is written anew")
            return nil
        }
    }

    /// What a roll of this run is of.
    ///
    /// - Parameters:
    ///   - canonical: canonical's layout; `store` the store's.
    func rollHead(_ canonical: StoreLayout, _ store: StoreLayout) -> RollHead {
        var head = RollHead(
            scheme: input.scheme,
            phoneRegion: input.phoneRegion,
            canonical: (input.canonical.reader.name, canonical),
            store: store
        )
        head.run = id
        head.startedAt = Int64(startedAt.timeIntervalSince1970 * 1000)
        return head
    }

    /// Compares all scans, reads suspects again and logs what is found.
    ///
    /// - Returns: how far each pair of stores agrees, by the scan, and what confirmed findings about records without a key
    ///   are about. All sessions are closed.
    func compare(
        _ scan: Scan,
        _ compared: Compared,
        _ stores: StoreFindings,
        _ factory: FindingFactory,
        _ log: FindingLog,
        _ coverage: inout Coverage
    ) async throws -> (pairs: [PairCounts], unlinked: UnlinkedFindings) {
        progress(.comparing)
        let comparison = compared.comparison
        var matches = try unlinkedMatches(scan, comparison, &coverage)
        let names = [scan.canonical.name] + comparison.stores.map(\.name)
        var drift = driftFindings(scan, comparison, factory)
        var pairs = [PairCounts](
            repeating: PairCounts(),
            count: StorePairs.all(stores: comparison.stores.count).count
        )
        var suspects: [Suspect] = []
        var left = 0
        let readsSuspects = input.kinds.contains(.drift) || !corruptionRules.isDisjoint(with: DifferenceInspector.rules)
        let namesDuplicates = isEnabled(.duplicateKey)
        let judgesVersions = isEnabled(.corruptionVersion)
        try await comparison.run { result in
            for (index, counts) in result.pairs.enumerated() { pairs[index].add(counts) }
            if namesDuplicates {
                for duplicate in result.duplicates {
                    try log.append(stores.duplicateKey(duplicate, store: names[duplicate.store]))
                }
            }
            if judgesVersions {
                for regression in result.regressions {
                    try log.append(stores.version(regression, store: names[regression.store]))
                }
            }
            for (roll, lines) in zip(compared.rolls, result.rolls) { try roll.append(lines, to: result.partition) }
            for suspect in result.suspects { matches?.note(suspect) }
            guard readsSuspects else { return }
            for suspect in result.suspects {
                if suspects.count < input.recheck.maximum || !input.recheck.isEnabled {
                    suspects.append(suspect)
                } else {
                    left += 1
                    for finding in drift.unchecked(suspect) { try log.append(finding) }
                }
            }
        }
        var unlinked: [UnlinkedSuspect] = []
        try matches?
            .forEach { suspect in
                if unlinked.count < input.recheck.maximum || !input.recheck.isEnabled {
                    unlinked.append(suspect)
                } else {
                    left += 1
                    for finding in drift.unchecked(suspect) { try log.append(finding) }
                }
            }
        if left > 0 {
            coverage.add(
                what: "\(max(left, log.unchecked)) differences of the scan",
                store: scan.canonical.name,
                why: "more suspects than recheck.max (\(input.recheck.maximum)); they were not read again"
            )
        }
        try await recheck((suspects, unlinked), scan, comparison, &drift, &pairs, log, &coverage)
        for finding in drift.remaining() { try log.append(finding) }
        return (pairs, drift.unlinked)
    }

    /// What tells whose the records without a key are; nil where that is not asked.
    private func unlinkedMatches(
        _ scan: Scan,
        _ comparison: StoreComparison,
        _ coverage: inout Coverage
    ) throws -> UnlinkedMatches? {
        guard isEnabled(.duplicateUnlinked) else {
            for store in scan.stores { coverage.addUnlinked(store.fingerprint.counts.unlinked, of: store.name) }
            return nil
        }
        return try UnlinkedMatches(
            canonical: scan.canonical.fingerprint,
            stores: comparison.stores.map(\.fingerprint)
        )
    }

    private func driftFindings(_ scan: Scan, _ comparison: StoreComparison, _ factory: FindingFactory) -> DriftFindings
    {
        let sets = comparison.stores.map { $0.fingerprint.sets[0] }
        let names = comparison.stores.map(\.name)
        return DriftFindings(
            factory: factory,
            canonical: scan.canonical.name,
            stores: names,
            sets: sets,
            canonicalSets: comparison.stores.map(\.canonicalSet),
            rowsWithoutKey: comparison.stores.map { $0.fingerprint.counts.unreadable + $0.fingerprint.counts.unlinked },
            advisor: RepairAdvisor(
                canonical: scan.canonical.name,
                stores: names,
                sets: sets,
                schema: input.schema,
                policy: Winner.Policy(
                    onTie: input.onTie,
                    canonicalPrecision: precision(scan.canonical),
                    precisions: comparison.stores.map { precision($0.fingerprint.layout) }
                ),
                permissions: input.permissions
            ),
            judgesDrift: input.kinds.contains(.drift),
            inspector: DifferenceInspector(
                sets: sets,
                canonicalSets: comparison.stores.map(\.canonicalSet),
                schema: input.schema,
                rules: corruptionRules
            )
        )
    }

    private func precision(_ store: ScannedStore) -> TimeUnit { precision(store.fingerprint.layout) }

    /// The precision of `last_updated` in a store.
    func precision(_ layout: StoreLayout) -> TimeUnit {
        layout.index(of: ContactSchema.Name.lastUpdated).map { layout.fields[$0].precision } ?? .microseconds
    }
}
