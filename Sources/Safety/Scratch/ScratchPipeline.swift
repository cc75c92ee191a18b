package import Audit
package import Contacts
package import Ledger
package import Repair

/// What audits, plans and applies on scratch stores.
package struct ScratchPipeline: Sendable {
    /// Audits the stores.
    package var audit: @Sendable (AuditInput, StateFolder, Ledger) async throws -> AuditReport
    /// Plans what would make them agree.
    package var plan: @Sendable (AuditInput, StateFolder, Ledger) async throws -> RepairPlan
    /// Plans for contacts that events tell of: by contact, the ids of the events.
    package var planChanges: @Sendable (AuditInput, [String: [String]], StateFolder, Ledger) async throws -> RepairPlan
    /// Carries a plan out.
    package var apply: @Sendable (RepairPlan, ApplyInput, StateFolder, Ledger) async throws -> ApplyReport

    /// The pipeline that `audit`, `plan`, `apply` and `sync` run.
    package static let real = ScratchPipeline(
        audit: { input, state, ledger in
            try await AuditRun(input: input, state: state, ledger: ledger) { _ in }.run().report
        },
        plan: { input, state, ledger in
            let options = PlanRun.Options()
            return try await PlanRun(input: input, options: options, state: state, ledger: ledger) { _ in }.run().plan
        },
        planChanges: { input, changed, state, ledger in
            let options = PlanRun.Options()
            let run = PlanRun(input: input, options: options, state: state, ledger: ledger) { _ in }
            return try await run.run(changed: changed).plan
        },
        apply: { plan, input, state, ledger in
            try await Applier(plan: plan, input: input, state: state, ledger: ledger, progress: { _ in }).run()
        }
    )
}
