/// What an audit is doing, for whoever watches.
package enum AuditProgress: Sendable, Hashable {
    /// A session of the store is about to be opened.
    case opening(store: String)
    /// A store makes us wait; a sentence.
    case waiting(String)
    /// Rows read since the last report.
    case read(store: String, rows: Int)
    /// A store was read through, from the begin of its first portion to the end of its last.
    case scanned(store: String, rows: Int, seconds: Double)
    /// All stores are read; their scans are compared.
    case comparing
    /// Contacts that are to be read again.
    case rechecking(suspects: Int)
    /// Contacts are read anew to plan their repair.
    case planning(contacts: Int)
    /// All findings are known; the run is recorded and its report made.
    case reporting
}
