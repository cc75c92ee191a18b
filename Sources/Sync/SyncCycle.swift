package import Audit
import Contacts
import Foundation
package import Ledger
import Repair

/// One round of keeping the stores equal: what changed is written down, planned and carried out as a repair is. There is no other
/// way to write.
package struct SyncCycle: Sendable {
    let input: SyncInput
    let state: StateFolder
    let ledger: Ledger
    let progress: @Sendable (AuditProgress) -> Void
    let identity: FindingIdentity

    /// Nothing is opened yet.
    ///
    /// - Parameter progress: is told what the cycle is doing, from several tasks at the same time.
    /// - Throws: `LedgerError` where the state folder cannot be used.
    package init(
        input: SyncInput,
        state: StateFolder,
        ledger: Ledger,
        progress: @escaping @Sendable (AuditProgress) -> Void
    ) throws {
        self.input = input
        self.state = state
        self.ledger = ledger
        self.progress = progress
        identity = FindingIdentity(key: try state.findingKey())
    }

    /// Reads all stores through and makes them agree.
    ///
    /// - Throws: `AuditError` where canonical cannot be read, `RepairError` where the plan is too large or something else must be
    ///   finished first, `LedgerError`, `StoreError` or `CancellationError`. What was begun is finished by `resume()`.
    package func all() async throws -> SyncReport {
        let startedAt = input.audit.now()
        let outcome = try await planRun().run()
        var report = SyncReport()
        try note(outcome, since: startedAt, in: &report)
        let events = try log(outcome)
        try await carryOut(outcome.plan, events: events, in: &report)
        try clearContactErrors(besides: outcome.plan, before: startedAt)
        return report
    }

    /// Carries out changes that wait in the change log, at most a batch of them.
    ///
    /// - Throws: as `all()`.
    package func pending() async throws -> SyncReport {
        var report = SyncReport()
        let events = try ledger.pendingChanges(limit: input.batch)
        let contacts = try await contacts(of: events, in: &report)
        do {
            try await carryOut(changed: contacts, in: &report)
        } catch let error where contacts.count > 1 && Self.isOfOneContact(error) {
            // One of them makes it fail: the others go on.
            for contact in contacts.sorted(by: { $0.key < $1.key }) {
                do {
                    try await carryOut(changed: [contact.key: contact.value], in: &report)
                } catch let error where Self.isOfOneContact(error) {
                    try fail(contact.value, contact: contact.key, at: input.apply.canonical, error, in: &report)
                }
            }
        } catch let error where Self.isOfOneContact(error) {
            guard let contact = contacts.first else { throw error }
            try fail(contact.value, contact: contact.key, at: input.apply.canonical, error, in: &report)
        }
        return report
    }

    /// Finishes what a crash or an interruption has left open, if anything.
    ///
    /// - Throws: as `all()`.
    package func resume() async throws -> SyncReport? {
        guard FileManager.default.fileExists(atPath: planFile) else { return nil }
        let plan: RepairPlan
        do {
            plan = try PlanFile.read(path: planFile)
        } catch {
            // It is put in place in one step, so it is damaged. What was begun cannot be finished without it; where nothing was,
            // the changes wait still.
            if try ledger.openJournals().contains(where: { $0.verb == input.apply.verb }) { throw error }
            try FileManager.default.removeItem(atPath: planFile)
            return nil
        }
        guard try ledger.openJournals().contains(where: { $0.plan == plan.id }) else {
            try FileManager.default.removeItem(atPath: planFile)
            return nil
        }
        var report = SyncReport()
        _ = try await apply(plan, in: &report)
        return report
    }

    // MARK: One plan

    private func planRun() -> PlanRun {
        PlanRun(input: input.audit, options: input.options, state: state, ledger: ledger, progress: progress)
    }

    private func carryOut(changed contacts: [String: [String]], in report: inout SyncReport) async throws {
        guard !contacts.isEmpty else { return }
        let startedAt = input.audit.now()
        let outcome = try await planRun().run(changed: contacts)
        try note(outcome, since: startedAt, in: &report)
        try await carryOut(outcome.plan, events: contacts, in: &report)
    }

    /// Carries a plan out and settles the changes that it is for.
    ///
    /// - Parameter events: ids of changes, by contact.
    private func carryOut(_ plan: RepairPlan, events: [String: [String]], in report: inout SyncReport) async throws {
        report.changes += events.values.reduce(0) { $0 + $1.count }
        report.manual += plan.manual.count
        var entries: [JournalEntry] = []
        if !plan.operations.isEmpty || !plan.manual.isEmpty {
            do {
                entries = try await apply(plan, in: &report)
            } catch let error as RepairError where error.code == .tooLarge {
                try refuse(plan, error, events)
                throw error
            }
        }
        try settle(plan, entries, events, in: &report)
    }

    /// Where the plan in hand is kept, so that a restart goes on with it; for the owner only, and gone once it is carried out.
    private var planFile: String { state.path + "/sync-plan.json" }

    private func apply(_ plan: RepairPlan, in report: inout SyncReport) async throws -> [JournalEntry] {
        try PlanFile.write(plan, to: planFile)
        let applier = Applier(plan: plan, input: input.apply, state: state, ledger: ledger) { [progress] in
            if case .waiting(let sentence) = $0 { progress(.waiting(sentence)) }
        }
        let result: ApplyReport
        do {
            result = try await applier.run()
        } catch {
            // What was never begun is planned anew.
            let isOpen = (try? ledger.openJournals().contains { $0.plan == plan.id }) ?? true
            if !isOpen { try? FileManager.default.removeItem(atPath: planFile) }
            throw error
        }
        try FileManager.default.removeItem(atPath: planFile)
        for (store, counts) in result.counts { report.outcomes[store, default: [:]].merge(counts, uniquingKeysWith: +) }
        report.verified.merge(result.verified, uniquingKeysWith: +)
        report.agreed.merge(result.agreed, uniquingKeysWith: +)
        var entries: [JournalEntry] = []
        while true {
            let page = try ledger.journalEntries(of: result.run.id, after: entries.last?.ordinal ?? -1, limit: 1_000)
            entries += page
            if page.count < 1_000 { break }
        }
        return entries
    }
}
