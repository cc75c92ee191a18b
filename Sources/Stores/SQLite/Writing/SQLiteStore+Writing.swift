package import Contacts
import Foundation
import GRDB
import GRDBSQLite

extension SQLiteStore: WritableStore {
    /// A batch is read, compared and written in one transaction, in which nobody else can write.
    package var writeGuard: RepairProposal.Guard { .exact }

    /// As `WritableStore` has it. The file must be there: none is made. A transaction that was cut off is rolled back, as
    /// whoever opens the file for writing does first.
    package func openForWriting(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreWriter {
        let opener = SQLiteOpener(store: self, notify: notify)
        do {
            let path = try writablePath()
            return try await opener.waiting {
                let connection = try writingConnection(path)
                do {
                    return try SQLiteWriter(store: self, connection: connection, opener: opener)
                } catch {
                    try? connection.close()
                    throw error
                }
            }
        } catch {
            throw writingError(error, "open")
        }
    }

    /// The file's path, where the file can be written.
    private func writablePath() throws -> String {
        let path = URL(fileURLWithPath: settings.path).path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            throw self.error(.missing, "open", "there is no file \(settings.path). Check stores.\(name).path.")
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
            throw self.error(.readOnly, "open", "\(settings.path) may not be written. Check its permissions.")
        }
        let folder = (path as NSString).deletingLastPathComponent
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw self.error(
                .readOnly,
                "open",
                "\(settings.path) cannot be written, since SQLite may make no journal in its folder. Check the folder's"
                    + " permissions."
            )
        }
        return path
    }

    private func writingConnection(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.foreignKeysEnabled = true
        configuration.label = "rollcall.\(name).writing"
        // Behind a commit the journal says `done`: the store may not have less than that after a loss of power.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return try DatabaseQueue(path: Self.existing(path), configuration: configuration)
    }

    /// What SQLite gets in the place of a path, so that a file that has gone since is not made. It reads file names as URIs
    /// where it was built so, as Debian's is.
    private static func existing(_ path: String) -> String {
        guard sqlite3_compileoption_used("USE_URI") != 0 else { return path }
        let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
        return "file:" + (path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path) + "?mode=rw"
    }

    /// What SQLite's error means to whoever writes the store. All that the batch had written is rolled back.
    func writingError(_ error: any Error, _ operation: String) -> any Error {
        guard let code = (error as? DatabaseError)?.resultCode else { return error }
        switch code {
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return self.error(
                .readOnly,
                operation,
                "\(settings.path) cannot be written (SQLite says: \(Self.text(of: error))). Nothing of the batch was"
                    + " written; check the permissions of the file and of its folder."
            )
        case .SQLITE_CANTOPEN where operation != "open":
            return self.error(
                .readOnly,
                operation,
                "\(settings.path) cannot be written: SQLite cannot make its journal beside it. Nothing of the batch was"
                    + " written; check the permissions of the folder."
            )
        case .SQLITE_FULL:
            return self.error(
                .full,
                operation,
                "there is no room for what is to be written to \(settings.path) (SQLite says: \(Self.text(of: error)))."
                    + " Nothing of the batch was written; make room and run the same command again."
            )
        case .SQLITE_IOERR:
            return self.error(
                .input,
                operation,
                "\(settings.path) could not be written: \(Self.text(of: error))"
                    + " (\((error as? DatabaseError)?.extendedResultCode.rawValue ?? 0)). Nothing of the batch was written."
            )
        default: return storeError(error, operation)
        }
    }

    /// SQLite's own words, which name no values.
    private static func text(of error: any Error) -> String {
        guard let error = error as? DatabaseError else { return "" }
        return error.message ?? error.resultCode.description
    }
}
