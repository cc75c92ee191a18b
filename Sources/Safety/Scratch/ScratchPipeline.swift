package import Audit
package import Contacts
package import Ledger
package import Repair
package import Sync

/// What audits, plans and applies on scratch stores.
package struct ScratchPipeline: Sendable {
    /// Audits the stores.
    package var audit: @Sendable (AuditInput, StateFolder, Ledger) async throws -> AuditReport
    /// Plans what would make them agree.
    package var plan: @Sendable (AuditInput, StateFolder, Ledger) async throws -> RepairPlan
    /// Carries a plan out.
    package var apply: @Sendable (RepairPlan, ApplyInput, StateFolder, Ledger) async throws -> ApplyReport

    /// Carries out what waits in the change log.
    package var sync: @Sendable (SyncInput, StateFolder, Ledger) async throws -> SyncReport

    /// The pipeline that `audit`, `plan`, `apply` and `sync` run.
    package static let real = ScratchPipeline(
        audit: { input, state, ledger in
            try await AuditRun(input: input, state: state, ledger: ledger) { _ in }.run().report
        },
        plan: { input, state, ledger in
            let options = PlanRun.Options()
            return try await PlanRun(input: input, options: options, state: state, ledger: ledger) { _ in }.run().plan
        },
        apply: { plan, input, state, ledger in
            try await Applier(plan: plan, input: input, state: state, ledger: ledger, progress: { _ in }).run()
        },
        sync: { input, state, ledger in
            try await SyncCycle(input: input, state: state, ledger: ledger) { _ in }.pending()
        }
    )
}
