import Contacts
import Foundation
import GRDB

extension SQLiteStore {
    /// What SQLite's error means to whoever runs the audit. SQLite's own text is kept; it names no values.
    func storeError(_ error: any Error, _ operation: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let path = settings.path
        let text = error.message ?? error.resultCode.description
        if isHotJournal(error) { return hotJournal(operation) }
        switch error.resultCode {
        case .SQLITE_NOTADB:
            return self.error(
                .notADatabase,
                operation,
                "\(path) is not a SQLite database (\(text)). Check stores.\(name).path; an encrypted file cannot be read."
            )
        case .SQLITE_CORRUPT:
            return self.error(
                .damaged,
                operation,
                "\(path) is damaged (\(text)). Run `PRAGMA integrity_check` on it and restore it from a backup."
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return self.error(
                .locked,
                operation,
                "\(path) was locked by a writer for longer than \(settings.timeout). Try again when the writer is done,"
                    + " or raise stores.\(name).timeout.",
                isRetryable: true
            )
        default:
            return self.error(
                .input,
                operation,
                "\(path) could not be read: \(text) (\(error.extendedResultCode.rawValue))."
            )
        }
    }

    /// What an error met while opening is: SQLite's, or one of the files beside it.
    func openingError(_ error: any Error) -> any Error {
        if error is StoreError || error is CancellationError { return error }
        if error is DatabaseError { return storeError(error, "open") }
        return self.error(.input, "open", "\(settings.path) could not be read: \(error.localizedDescription)")
    }

    /// Whether SQLite takes the journal for that of a transaction that was cut off.
    func isHotJournal(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        if error.extendedResultCode == .SQLITE_READONLY_ROLLBACK { return true }
        return hasJournal && (error.resultCode == .SQLITE_READONLY || error.resultCode == .SQLITE_CANTOPEN)
    }

    private func hotJournal(_ operation: String) -> StoreError {
        error(
            .hotJournal,
            operation,
            "\(settings.path) has a journal of a transaction that was cut off, and reading it in place would change it."
                + " Open it once with its own application, or set stores.\(name).snapshot to copy."
        )
    }

    private var hasJournal: Bool { Self.size(of: settings.path + "-journal") > 0 }

    /// A file's size in bytes; 0 where there is none.
    static func size(of path: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
    }

    /// Whether SQLite's error says that somebody else has the file.
    static func isBusy(_ error: any Error) -> Bool {
        guard let code = (error as? DatabaseError)?.resultCode else { return false }
        return code == .SQLITE_BUSY || code == .SQLITE_LOCKED
    }
}
