package import Contacts

/// A plan that was made, and the audit that was made for it.
package struct PlanOutcome {
    /// Sealed, and not written anywhere yet.
    package let plan: RepairPlan
    /// The exit code: 1 where something is left to a person, else 3 where a store could not be read through, else 0.
    package let exit: Int32
    /// Nil: the plan was made without one.
    package let audit: AuditOutcome?
    /// Why stores could not be read when the plan was made; nothing is planned for them. Of stores that the audit could not
    /// read its report tells.
    package let unread: [StoreError]
}
