import CReadAhead
import Foundation
import GRDBSQLite

/// Has SQLite read database files in large blocks where it goes through them page after page.
enum ReadAhead {
    /// Whether the VFS is there; registered once for the process.
    private static let isRegistered = rollcall_read_ahead_register() == SQLITE_OK

    /// What SQLite gets in the place of a path. It reads file names as URIs where it was built so (Debian's is); a file that
    /// is not immutable is otherwise opened by its path, without reading ahead.
    ///
    /// - Parameters:
    ///   - path: of the database, or such a URI, which stays as it is.
    ///   - isImmutable: whether nobody can write the file: it is read without locks.
    static func uri(of path: String, isImmutable: Bool = false) -> String {
        let readsAhead = isRegistered && sqlite3_compileoption_used("USE_URI") != 0
        guard !path.hasPrefix("file:"), readsAhead || isImmutable else { return path }
        let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
        let parameters = (readsAhead ? ["vfs=\(ROLLCALL_READ_AHEAD)"] : []) + (isImmutable ? ["immutable=1"] : [])
        return "file:" + (path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path) + "?"
            + parameters.joined(separator: "&")
    }
}
