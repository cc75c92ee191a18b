package import Contacts

/// Where a SQLite store is and how it is read.
package struct SQLiteStoreSettings: Sendable, Hashable {
    /// The child table of identifiers.
    package enum Identifiers: Sendable, Hashable {
        /// `contact_identifiers` where that table exists.
        case automatic
        /// No such table, whatever the database has.
        case none
        /// The table of that name, which must exist.
        case table(String)
    }

    /// What a session reads.
    package enum Snapshot: String, Sendable, Hashable, CaseIterable {
        /// The file itself, in one read transaction.
        case transaction
        /// A copy made by SQLite's backup interface.
        case copy
    }

    /// The database file.
    package var path: String
    /// The table or view of contacts.
    package var table = "contacts_master"
    /// Where e-mails and phones are that have no column.
    package var identifiers = Identifiers.automatic
    /// By field name; fields that are not named use the column of the schema's name.
    package var fields: [String: FieldOverride] = [:]
    /// The column that holds a row's checksum; nil: none.
    package var checksum: String?
    /// What a session reads; `maxLock` may turn the first into the second.
    package var snapshot = Snapshot.transaction
    /// How long to wait for a writer before the store counts as locked.
    package var timeout: Duration = .seconds(60)
    /// How long a read may block the writers of a database in rollback mode; what takes longer is read from a copy.
    package var maxLock: Duration = .seconds(1)

    /// The database of that path, read as usual.
    package init(path: String) { self.path = path }
}
