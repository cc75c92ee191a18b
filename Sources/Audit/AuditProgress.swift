/// What an audit is doing, for whoever watches.
package enum AuditProgress: Sendable, Hashable {
    case opening(store: String)
    /// A store makes us wait; a sentence.
    case waiting(String)
    /// Rows read since the last report.
    case read(store: String, rows: Int)
    case scanned(store: String, rows: Int, seconds: Double)
    case comparing
    /// Contacts that are to be read again.
    case rechecking(suspects: Int)
    case reporting
}
