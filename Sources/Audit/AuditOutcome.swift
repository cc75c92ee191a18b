package import Contacts

/// A finished audit: its report, and all findings where the report has no room for them.
package struct AuditOutcome {
    package let report: AuditReport
    package let findings: FindingLog
    /// Keeps the findings' file until they are written.
    let spool: AnyObject
}
