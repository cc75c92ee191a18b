/// Where a SQLite store is and how it is read.
package struct SQLiteStoreSettings: Sendable, Hashable {
    /// What a session reads.
    package enum Snapshot: String, Sendable, Hashable, CaseIterable {
        /// The file itself, in one read transaction.
        case transaction
        /// A copy made by SQLite's backup interface.
        case copy
    }

    /// The database file.
    package var path: String
    /// Which tables and columns hold the contacts.
    package var tables = TableSettings()
    /// What a session reads; `maxLock` may turn the first into the second.
    package var snapshot = Snapshot.transaction
    /// How long to wait for a writer before the store counts as locked.
    package var timeout: Duration = .seconds(60)
    /// How long a read may block the writers of a database in rollback mode; what takes longer is read from a copy.
    package var maxLock: Duration = .seconds(1)

    /// The database of that path, read as usual.
    package init(path: String) { self.path = path }
}
