package import Contacts
import Foundation

/// Contacts in a SQLite file. Sessions never write: their connections are read-only, and what must be changed to be read is
/// copied. Writing is in `SQLiteStore+Writing`.
package struct SQLiteStore: ContactStore {
    package let name: String
    package let kind = "sqlite"
    let settings: SQLiteStoreSettings
    let schema: ContactSchema
    /// A folder for copies, made when it is needed and emptied when the session ends.
    let scratch: String
    /// Database files that are read in the same run: all are open until the last of them is read.
    let others: [String]

    /// - Parameters:
    ///   - scratch: a folder for copies of databases that cannot be read in place. It need not exist.
    ///   - others: the files of the other SQLite stores of the run; from their sizes follows how long this one stays open.
    package init(
        name: String,
        settings: SQLiteStoreSettings,
        schema: ContactSchema,
        scratch: String,
        others: [String] = []
    ) {
        self.name = name
        self.settings = settings
        self.schema = schema
        self.scratch = scratch
        self.others = others
    }

    package func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        let opener = SQLiteOpener(store: self, notify: notify)
        return try await opener.open()
    }

    /// As `open`, but for a database in rollback mode whose key is indexed: it is read in place, whatever its size, and its
    /// writers are held up for one fetch at a time.
    package func openForFetches(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        let opener = SQLiteOpener(store: self, notify: notify)
        return try await opener.openForFetches()
    }

    func error(
        _ code: StoreError.Code,
        _ operation: String,
        _ message: String,
        isRetryable: Bool = false
    ) -> StoreError {
        StoreError(code, store: name, operation: operation, message: message, isRetryable: isRetryable)
    }
}
