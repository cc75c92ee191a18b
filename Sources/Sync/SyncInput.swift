package import Audit
package import Repair

/// Everything that a cycle of the sync service depends on, its clock included.
package struct SyncInput: Sendable {
    /// How all stores are read through. What is found is confirmed by the write itself, which compares before it sets.
    package var audit: AuditInput
    /// How what is planned is carried out.
    package var apply: ApplyInput
    /// What is planned only where it was asked for.
    package var options: PlanRun.Options
    /// Whether what a reading of all stores finds is written down before it is acted on. What stores tell of always is.
    package var logsReadings = true
    /// How often a change is tried until it is given up.
    package var attempts = 5
    /// Changes that are carried out at a time.
    package var batch = 500

    /// A cycle over these stores. Both inputs are of the same ones; their verbs become `sync`.
    package init(audit: AuditInput, apply: ApplyInput, options: PlanRun.Options) {
        self.audit = audit
        self.audit.verb = "sync"
        self.audit.recheck.isEnabled = false
        self.apply = apply
        self.apply.verb = "sync"
        self.apply.goesOnWithoutStores = true
        self.options = options
    }
}
