package import Contacts
import Foundation
package import Ledger

/// Carries a plan out. What was begun is in the journal before a store is written, so that the same call goes on after a crash
/// at any instant.
package struct Applier: Sendable {
    let plan: RepairPlan
    let input: ApplyInput
    let state: StateFolder
    let ledger: Ledger
    let progress: @Sendable (ApplyProgress) -> Void
    let checkpoint: @Sendable (ApplyCheckpoint) -> Void
    /// By the operation's id.
    let positions: [String: Int]
    /// How long another run is waited for.
    static let patience = Duration.seconds(2)

    /// - Parameters:
    ///   - plan: as `PlanFile` read and checked it.
    ///   - progress: is told what is being done, from the task that runs.
    ///   - checkpoint: is told what is durable, right behind it.
    package init(
        plan: RepairPlan,
        input: ApplyInput,
        state: StateFolder,
        ledger: Ledger,
        progress: @escaping @Sendable (ApplyProgress) -> Void,
        checkpoint: @escaping @Sendable (ApplyCheckpoint) -> Void = { _ in }
    ) {
        self.plan = plan
        self.input = input
        self.state = state
        self.ledger = ledger
        self.progress = progress
        self.checkpoint = checkpoint
        positions = Dictionary(
            plan.operations.enumerated().map { ($1.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Carries the plan out, or goes on with it, and reads again what it touched.
    ///
    /// - Throws: `RepairError` (`tooLarge`, `unfinished`, `otherConfiguration`), `LedgerError` (`locked` where another run
    ///   writes) or `StoreError` where a store cannot be opened: nothing was written then. `StoreError`, `LedgerError` or
    ///   `CancellationError` in the middle: the batch in hand is written whole or not at all, and the same call goes on.
    package func run() async throws -> ApplyReport {
        let names = Set(input.targets.map(\.name))
        if let stranger = plan.operations.first(where: { !names.contains($0.store) }) {
            throw RepairError(
                .otherConfiguration,
                "The plan writes the store \(stranger.store), which the configuration does not have. Make a plan anew."
            )
        }
        if input.isDryRun { return try await dryRun() }
        return try await state.withLock(limit: Self.patience) { try await apply() }
    }

    /// The run that is to be gone on with, or one that begins, once nothing speaks against it.
    func begin() throws -> RepairRun {
        let open = try ledger.openJournals()
        let own = open.first { $0.undoes == nil && $0.plan == plan.id }
        try RepairRun.checkNothingElseIsOpen(open, but: own.map { [$0.id] } ?? [])
        // What goes on was small enough, or allowed, when it began.
        if own == nil, !input.allowsLarge { try BlastRadius(plan.operations).check(input.targets, input.limits) }
        let fresh = RepairRun.begin(verb: input.verb, plan: plan.id, undoes: nil, at: input.now())
        var run = RepairRun(
            input.isDryRun ? fresh : own ?? fresh,
            isResumed: own != nil,
            input: input,
            ledger: ledger,
            checkpoint: checkpoint
        )
        if let own { try run.takeOver(from: own.id) }
        return run
    }

    private func apply() async throws -> ApplyReport {
        var run = try begin()
        do {
            try await write(&run)
            try keepConflicts(run)
            progress(.verifying(0))
            let check = try await ContactCheck(plan: plan, input: input, progress: progress)
                .run(run.entries, without: Set(run.passedOver.keys))
            checkpoint(.verified)
            try AgreedRolls(input: input, state: state, ledger: ledger, run: run.id).write(check.agreements)
            checkpoint(.rollsWritten)
            let report = try run.record(
                changedSince: check.changedSince,
                verified: check.verified,
                agreed: check.agreements.lines.mapValues(\.count),
                manual: plan.manual.count
            )
            try ledger.endJournal(run.id)
            return report
        } catch let error as StoreError where run.isBegun {
            throw error.inTheMiddle
        }
    }

    /// Positions of a store's operations that have not ended as anything.
    func pending(_ store: String, _ run: RepairRun) -> [Int] {
        plan.operations.indices.filter { plan.operations[$0].store == store && run.entries[$0] == nil }
    }

    /// The contacts of the plan that were forgotten since it was made: it does not bring them back.
    func forgotten() throws -> Set<String> {
        let identity = FindingIdentity(key: try state.findingKey())
        return try ledger.forgotten(of: plan.operations.map(\.contact) + plan.manual.map(\.contact), identity)
    }

    /// Whether an operation that this one comes after was not carried out.
    func isBlocked(_ position: Int, _ run: RepairRun) -> Bool {
        plan.operations[position].after
            .contains { id in
                let outcome = positions[id].flatMap { run.entries[$0] }?.outcome
                return outcome != .done && outcome != .already
            }
    }

    /// An operation's entry in the journal.
    func entry(
        _ position: Int,
        steps: [RowStep] = [],
        _ outcome: ApplyReport.Outcome?,
        _ why: String = ""
    ) -> JournalEntry {
        let operation = plan.operations[position]
        return JournalEntry(
            ordinal: position,
            operation: operation.id,
            store: operation.store,
            contact: operation.contact,
            action: operation.action,
            steps: steps,
            outcome: outcome,
            why: why
        )
    }

    static let isForgotten = "the contact was forgotten since the plan was made"
    static let comesAfter = "an operation that it comes after was not carried out"
}
