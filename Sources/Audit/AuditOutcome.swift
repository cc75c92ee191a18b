package import Contacts

/// A finished audit: its report, and all findings where the report has no room for them.
package struct AuditOutcome {
    /// The report, with as many findings as it has room for and no word of the others.
    package let report: AuditReport
    /// All findings; usable as long as the outcome is.
    package let findings: FindingLog
    /// What kept stores from being read through.
    package let unread: [StoreError]
    /// Keeps the findings' file until they are written.
    let spool: AnyObject
}
