import Contacts
import Fingerprint
import Foundation
package import Ledger
import Repair
import Rules

/// One repair plan: what is wrong, by an audit or by what an earlier one found; what each store holds of it at this moment; what
/// would make them agree.
package struct PlanRun: Sendable {
    /// What findings are taken from where no audit is made.
    package enum Source: Sendable, Hashable {
        /// What the ledger keeps of an earlier audit.
        case run(String)
        /// The file of an audit's report.
        case report(path: String)
    }

    /// What is planned only where it was asked for.
    package struct Options: Sendable, Hashable {
        /// Whether orphans and tombstones are deleted.
        package var deletesOrphans = false
        /// Whether orphans are inserted into canonical.
        package var adoptsOrphans = false
        /// Whether equal rows of one contact become one.
        package var mergesDuplicates = false
        /// Whether what a store refused in an earlier apply is tried again though no side has changed since.
        package var retriesRefused = false

        /// None of it.
        package init() {}
    }

    let audit: AuditRun
    let options: Options
    private var input: AuditInput { audit.input }

    /// Takes the run's start and name; nothing is opened or written yet.
    ///
    /// - Parameters:
    ///   - input: of the audit; its `verb` is the plan's, and its `failOn` is not asked.
    ///   - progress: is told what the run is doing, from several tasks at the same time.
    package init(
        input: AuditInput,
        options: Options,
        state: StateFolder,
        ledger: Ledger,
        progress: @escaping @Sendable (AuditProgress) -> Void
    ) {
        var input = input
        // What is wrong is what the plan is for.
        input.failOn = nil
        audit = AuditRun(input: input, state: state, ledger: ledger, progress: progress)
        self.options = options
    }

    /// Makes the plan from what an earlier audit found, and records the run. What was absent then is taken to be absent where
    /// it still is.
    ///
    /// - Throws: as `run()`; `RepairError` where `source` is nothing to plan from.
    package func run(from source: Source) async throws -> PlanOutcome {
        let evidence = try PlanEvidence(source, self)
        return try await recorded(evidence)
    }

    /// Makes the plan for contacts that are said to have changed, and records the run. Nothing proves that a contact which
    /// is not found is absent: it is inserted only into stores that never held it, and nothing is deleted but what is marked
    /// as deleted somewhere. The rest is left to an audit.
    ///
    /// - Parameter contacts: by the canonical text of their keys, what tells of the change; the operations carry it.
    /// - Throws: as `run()`.
    package func run(changed contacts: [String: [String]]) async throws -> PlanOutcome {
        try await recorded(PlanEvidence(changed: contacts, self))
    }

    private func recorded(_ evidence: PlanEvidence) async throws -> PlanOutcome {
        do {
            return try await plan(from: evidence)
        } catch {
            // Where the ledger cannot be written either, why the run ended is what matters.
            _ = try? record(exit: error is CancellationError ? .interrupted : .failure, plan: nil)
            throw error
        }
    }

    /// Audits all stores, makes the plan and records the run.
    ///
    /// - Throws: `AuditError` where canonical cannot be read, `CancellationError`. Nothing was written to a store.
    package func run() async throws -> PlanOutcome {
        var planned = Planned(operations: [], manual: [])
        var unread: [StoreError] = []
        let outcome = try await audit.run { scan, log, unlinked in
            var findings = PlanFindings(unlinked)
            for line in log.lines { findings.add(line) }
            let unproved = Set(scan.unproved.map(\.name))
            let names = ([scan.canonical] + scan.stores).map(\.name)
            let result = try await plan(findings, complete: Set(names).subtracting(unproved))
            planned = result.planned
            unread = result.unread
            return result.end
        }
        let roots = Dictionary(uniqueKeysWithValues: outcome.report.stores.map { ($0.name, $0.root) })
        return PlanOutcome(
            plan: try sealed(planned, roots: roots.compactMapValues { $0 }),
            exit: outcome.report.run.exit,
            audit: outcome,
            unread: unread
        )
    }

    private func plan(from evidence: PlanEvidence) async throws -> PlanOutcome {
        let (planned, unread, end) = try await plan(evidence.findings, complete: evidence.complete)
        let plan = try sealed(planned, roots: evidence.roots)
        let isWhole = evidence.complete.isSuperset(of: ([input.canonical] + input.stores).map(\.reader.name))
        let exit = end ?? (isWhole ? .done : .inconclusive)
        try record(exit: exit, plan: plan)
        return PlanOutcome(plan: plan, exit: exit.rawValue, audit: nil, unread: unread)
    }

    // MARK: Planning

    private typealias Planned = (operations: [RepairPlan.Operation], manual: [RepairPlan.Manual])

    /// Reads the contacts of the findings anew and plans what makes the stores agree on them.
    ///
    /// - Parameter complete: the stores whose findings of absence count; others are not read where an audit could not.
    /// - Returns: also what the run ends with where something is left to a person, or a store could not be read.
    private func plan(
        _ findings: PlanFindings,
        complete: Set<String>
    ) async throws -> (planned: Planned, unread: [StoreError], end: ExitCode?) {
        var findings = findings
        let requests = findings.requests
        audit.progress(.planning(contacts: requests.count + findings.orphans.count))
        let forgotten = try forgotten(requests)
        var options = PlanOptions(
            deletesOrphans: options.deletesOrphans,
            adoptsOrphans: options.adoptsOrphans,
            mergesDuplicates: options.mergesDuplicates,
            onTie: input.onTie,
            decisions: try audit.ledger.decisions(),
            forgotten: { forgotten.contains($0) },
            now: audit.startedAt
        )
        options.trustsAbsence = !findings.areChanges
        let stores = try await PlanStores.open(audit, names: complete)
        do {
            if findings.areChanges { try findings.addAbsences(from: stores, scheme: input.scheme) }
            let planner = Planner(
                canonical: stores.canonical,
                stores: stores.others,
                schema: input.schema,
                scheme: input.scheme,
                phoneRegion: input.phoneRegion,
                options: options,
                makeInspector: audit.makeInspector,
                makeInspection: makeInspection
            )
            var random = SystemRandomNumberGenerator()
            let all = try await planner.plan(requests, adopting: findings.orphans, random: &random)
            await stores.close()
            let planned = try unrefused(findings.proved(all, complete: complete))
            let end: ExitCode? = !planned.manual.isEmpty ? .findings : stores.unread.isEmpty ? nil : .inconclusive
            return (planned, stores.unread, end)
        } catch {
            await stores.close()
            guard let error = error as? StoreError, error.store == stores.canonical.name else { throw error }
            throw AuditError.canonical(error)
        }
    }

    /// Takes out what the stores refused before, and all that comes after it: the same write would be refused again.
    private func unrefused(_ planned: Planned) throws -> Planned {
        guard !options.retriesRefused else { return planned }
        let refusals = try audit.ledger.refusals()
        let (kept, left) = planned.operations.leaving { operation in
            refusals[operation.id].map { "\(operation.store) refused it before: \($0); --retry-refused tries it again" }
        }
        return (kept, planned.manual + left)
    }

    /// Makes what tells of damaged values by comparing a contact's records; nil where no rule of it is checked.
    private var makeInspection: (@Sendable (_ sets: [FieldSet], _ canonicalSets: [Int]) -> Planner.Inspection)? {
        let rules = audit.corruptionRules.intersection(DifferenceInspector.rules)
        guard !rules.isEmpty else { return nil }
        let schema = input.schema
        return { sets, canonicalSets in
            let inspector = DifferenceInspector(sets: sets, canonicalSets: canonicalSets, schema: schema, rules: rules)
            return { inspector.inspect($0).map { ($0.store, $0.damage) } }
        }
    }

    /// The contacts that were forgotten and are not to be brought back.
    private func forgotten(_ requests: [PlanRequest]) throws -> Set<String> {
        let identity = FindingIdentity(key: try audit.state.findingKey())
        return try audit.ledger.forgotten(of: requests.map(\.contact), identity)
    }

    private func sealed(_ planned: Planned, roots: [String: String]) throws -> RepairPlan {
        var summary: [String: RepairPlan.Counts] = [:]
        for store in [input.canonical] + input.stores { summary[store.reader.name] = RepairPlan.Counts() }
        for operation in planned.operations {
            summary[operation.store, default: RepairPlan.Counts()].add(operation.action)
        }
        return try PlanFile.sealed(
            RepairPlan(
                createdAt: audit.startedAt,
                run: audit.id,
                configuration: input.configuration,
                roots: roots,
                operations: planned.operations,
                manual: planned.manual,
                summary: summary
            )
        )
    }

    /// Records a run that made no audit; what it counts are operations.
    private func record(exit: ExitCode, plan: RepairPlan?) throws {
        var counts: [String: Int] = [:]
        for operation in plan?.operations ?? [] { counts[operation.action.rawValue, default: 0] += 1 }
        if let plan, !plan.manual.isEmpty { counts[RepairProposal.Action.manual.rawValue] = plan.manual.count }
        let entry = RunEntry(
            id: audit.id,
            verb: input.verb,
            startedAt: audit.startedAt,
            finishedAt: input.now(),
            verdict: nil,
            exit: exit.rawValue,
            version: input.version,
            configuration: input.configuration,
            counts: counts
        )
        _ = try audit.ledger.record(entry, findings: [FindingLine](), historyKey: input.historyKey)
    }
}

extension RepairPlan.Counts {
    fileprivate mutating func add(_ action: RepairProposal.Action) {
        switch action {
        case .insert: insert += 1
        case .update, .link: update += 1
        case .delete: delete += 1
        case .merge: merge += 1
        case .manual, .unrepresentable, .deferred: break
        }
    }
}
