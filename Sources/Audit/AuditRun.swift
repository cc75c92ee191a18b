import Contacts
import Fingerprint
import Foundation
package import Ledger
import Reconcile
import Repair
import Rules

/// One audit: scan, compare, read again, judge, record. The pipeline that `audit`, `demo` and the gate share.
package struct AuditRun: Sendable {
    let input: AuditInput
    let state: StateFolder
    let ledger: Ledger
    let progress: @Sendable (AuditProgress) -> Void
    let startedAt: Date
    /// The run's name in the ledger.
    package let id: String

    /// Takes the run's start and name; nothing is opened or written yet.
    ///
    /// - Parameter progress: is told what the run is doing, from several tasks at the same time.
    package init(
        input: AuditInput,
        state: StateFolder,
        ledger: Ledger,
        progress: @escaping @Sendable (AuditProgress) -> Void
    ) {
        self.input = input
        self.state = state
        self.ledger = ledger
        self.progress = progress
        startedAt = input.now()
        var random = SystemRandomNumberGenerator()
        id = RunID.make(at: startedAt, random: &random)
    }

    /// Runs the audit and records it.
    ///
    /// - Throws: `AuditError` where canonical cannot be read, `CancellationError`; both are recorded in the history too.
    package func run() async throws -> AuditOutcome { try await run { _, _, _ in nil } }

    /// Runs the audit and records it with what somebody makes of its findings.
    ///
    /// - Parameter judge: gets all findings before the run is recorded, and says what it ends with.
    /// - Throws: as `run()`, and what `judge` throws; it is recorded likewise.
    package func runJudged(by judge: (FindingLog) throws -> ExitCode) async throws -> AuditOutcome {
        try await run { _, log, _ in try judge(log) }
    }

    /// Runs the audit, and with it what goes on from its findings.
    ///
    /// - Parameter planning: gets all findings before the run is recorded, and of confirmed ones about records without a key
    ///   what they are about. It says what the run ends with; nil: as an audit.
    /// - Throws: as `run()`, and what `planning` throws; it is recorded likewise.
    func run(planning: (Scan, FindingLog, UnlinkedFindings) async throws -> ExitCode?) async throws -> AuditOutcome {
        do {
            return try await audit(planning)
        } catch {
            let exit: ExitCode =
                error is CancellationError ? .interrupted : error is ConfigurationError ? .usage : .failure
            let entry = RunEntry(
                id: id,
                verb: input.verb,
                startedAt: startedAt,
                finishedAt: input.now(),
                verdict: nil,
                exit: exit.rawValue,
                version: input.version,
                configuration: input.configuration
            )
            // Where the ledger cannot be written either, why the run ended is what matters.
            _ = try? ledger.record(entry, findings: [FindingLine](), historyKey: input.historyKey)
            throw error
        }
    }

    private func audit(
        _ planning: (Scan, FindingLog, UnlinkedFindings) async throws -> ExitCode?
    ) async throws -> AuditOutcome {
        try state.removeAbandonedSpools()
        let spool = try state.makeSpoolFolder(run: id)
        let factory = FindingFactory(
            identity: FindingIdentity(key: try state.findingKey()),
            rules: input.rules,
            schema: input.schema,
            showsValues: input.showsValues
        )
        let custom = CustomRules(input: input, factory: factory) { [progress] in progress(.waiting($0)) }
        try await custom.check()
        let waivers = WaiverReview(input: input, factory: factory)
        let log = try FindingLog(folder: spool.path, waivers: WaiverBook(input.rules.waivers, on: startedAt))
        let stores = StoreFindings(factory: factory)

        let scan = try await scanAll(spool: spool.path)
        var coverage = Coverage(input: input)
        for store in scan.unproved {
            try log.append(stores.unproved(store.name, reason: store.reason))
            coverage.add(unproved: store.name)
        }
        for (name, layout) in scan.layouts where isEnabled(.driftSchema) {
            let last = try ledger.lastColumns(of: name)
            if last == nil { coverage.addFirstRun(of: name, rule: .driftSchema) }
            if let finding = stores.schema(name, layout, last: last) { try log.append(finding) }
        }
        for store in [scan.canonical] + scan.stores where isEnabled(.storeUnreadable) {
            try store.fingerprint.forEachUnreadable { try log.append(stores.unreadable($0, store: store.name)) }
        }
        try await judgeScans([scan.canonical] + scan.stores, stores, log, &coverage)

        let comparison = try compared(scan, coverage: &coverage)
        let (pairs, unlinked) = try await compare(scan, comparison, stores, factory, log, &coverage)
        let unproved = Set(scan.unproved.map(\.name))
        let readThrough = Set(([scan.canonical] + scan.stores).map(\.name)).subtracting(unproved)
        coverage.add(try await custom.run(inStores: readThrough) { try log.append($0) })
        if isEnabled(.waiverExpired) {
            for finding in waivers.expired(log.waivers) { try log.append(finding) }
        }
        for store in [scan.canonical] + scan.stores {
            coverage.add(remarksOf: store)
            if store.isPushed { coverage.add(pushed: store.name) }
        }

        let end = try await planning(scan, log, unlinked)
        progress(.reporting)
        return try await finish(scan, comparison, pairs, log, coverage, waivers, spool, end: end)
    }

    func isEnabled(_ rule: RuleID) -> Bool {
        guard let kind = rule.kind else { return false }
        return input.rules[rule].enabled && (input.kinds.contains(kind) || kind == .store)
    }

    /// The rules of corruption that are checked.
    var corruptionRules: Set<RuleID> {
        Set(RuleCatalog.all.map(\.id).filter { $0.kind == .corruption && isEnabled($0) })
    }

    // MARK: Scan

    /// Whether digests may be computed in stores' engines: no rule looks at every value. Rules of the user's own ask the store
    /// themselves.
    private var allowsPushdown: Bool {
        input.allowsPushdown && input.scheme == .sha256
            && !RuleCatalog.all.contains { [.duplicate, .corruption].contains($0.id.kind) && isEnabled($0.id) }
    }

    private func scanAll(spool: String) async throws -> Scan {
        let scanner = StoreScanner(
            input: input,
            spoolFolder: spool,
            now: startedAt.microseconds,
            makeInspector: makeInspector,
            indexesIdentifiers: isEnabled(.duplicateIdentifier),
            judgesUnlinked: isEnabled(.duplicateUnlinked),
            progress: progress
        )
        let opened = try await scanner.open([input.canonical] + input.stores)
        var scan = Scan.Builder()
        guard case .success(let canonical) = opened[0] else {
            if case .failure(let error) = opened[0] { throw AuditError.canonical(error) }
            throw CancellationError()
        }
        scan.layouts.append((canonical.name, canonical.session.layout))
        var jobs: [StoreScanner.Job] = []
        for (store, result) in zip(input.stores, opened.dropFirst()) {
            switch result {
            case .success(let store):
                scan.layouts.append((store.name, store.session.layout))
                let set = FieldSet(sharedBy: canonical.session.layout, store.session.layout)
                jobs.append(StoreScanner.Job(opened: store, sets: [set]))
            case .failure(let error):
                scan.unproved.append(
                    UnprovedStore(
                        name: store.reader.name,
                        kind: store.reader.kind,
                        reason: error.message,
                        layout: nil,
                        error: error
                    )
                )
            }
        }
        // Canonical's own set first, then each distinct set that it shares with some store.
        var sets = [FieldSet(of: canonical.session.layout)]
        for job in jobs where !sets.contains(job.sets[0]) { sets.append(job.sets[0]) }
        jobs.insert(StoreScanner.Job(opened: canonical, sets: sets, isCanonical: true), at: 0)
        let results = try await Pushdown(scanner: scanner, isAllowed: allowsPushdown).scan(jobs)
        switch results[0] {
        case .success(let store): scan.canonical = store
        case .failure(let error): throw AuditError.canonical(error)
        }
        for (job, result) in zip(jobs, results).dropFirst() {
            switch result {
            case .success(let store): scan.stores.append(store)
            case .failure(let error):
                await job.opened.session.close()
                scan.unproved.append(
                    UnprovedStore(
                        name: job.opened.name,
                        kind: job.opened.kind,
                        reason: error.message,
                        layout: job.opened.session.layout,
                        error: error
                    )
                )
            }
        }
        return try await withoutDoubtfulEmptiness(scan.build())
    }

    /// A store with no contacts, where another store or its own last run has some, proves nothing unless it may be empty. One
    /// that holds records without a key instead may be yet to be linked, unless it had contacts before.
    private func withoutDoubtfulEmptiness(_ scan: Scan) async throws -> Scan {
        var scan = scan
        let all = [scan.canonical] + scan.stores
        let hasSome = all.contains { $0.fingerprint.counts.records > 0 }
        func isDoubtful(_ store: ScannedStore) throws -> Bool {
            guard store.fingerprint.counts.records == 0 else { return false }
            let allowed = ([input.canonical] + input.stores).first { $0.reader.name == store.name }?.allowEmpty ?? false
            let isUnlinked = store.fingerprint.counts.unlinked > 0
            return try !allowed && (hasSome && !isUnlinked || (ledger.lastRecords(of: store.name) ?? 0) > 0)
        }
        let doubt =
            "it holds no contacts, while another store or its last run has some; set allowEmpty: true if that is right."
        if try isDoubtful(scan.canonical) {
            scan.unproved.append(
                UnprovedStore(
                    name: scan.canonical.name,
                    kind: scan.canonical.kind,
                    reason: doubt,
                    layout: scan.canonical.session.layout
                )
            )
        }
        for store in try scan.stores.filter(isDoubtful) {
            scan.stores.removeAll { $0.name == store.name }
            await store.session.close()
            scan.unproved.append(
                UnprovedStore(name: store.name, kind: store.kind, reason: doubt, layout: store.session.layout)
            )
        }
        return scan
    }
}

extension Date {
    /// Microseconds since 1970.
    var microseconds: Int64 { Int64((timeIntervalSince1970 * 1_000_000).rounded()) }
}
