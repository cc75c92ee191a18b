import Foundation
import GRDB

/// Why Rollcall's own state could not be used. What was being recorded is then not recorded, not even in part.
package struct LedgerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that callers and tests tell apart.
    package enum Code: String, Sendable, Hashable {
        /// The state folder, or a file in it, cannot be made, read or written.
        case folder
        /// Another process holds the lock beyond the limit.
        case locked
        /// A newer version of Rollcall wrote the ledger.
        case newer
        /// The ledger or a file beside it is not what Rollcall wrote.
        case damaged
        /// The run was recorded before.
        case duplicate
        /// There is no such journal or conflict, or the store has no part in it.
        case unknown
        /// An apply or an undo that was begun must be finished or taken back first.
        case unfinished
        /// A chain made with a history key cannot be verified without one.
        case historyKey
        /// Reading or writing the ledger failed: a full disk, for instance.
        case input
    }

    /// What kind of failure it is.
    package let code: Code
    /// A sentence that says what happened and what to do about it. Holds no personal value and no key.
    package let message: String
    /// Whether the same call may succeed later with nothing done.
    package let isRetryable: Bool

    /// An error of the state folder. `message` must hold no personal value and no key.
    package init(_ code: Code, _ message: String, isRetryable: Bool = false) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
    }

    package var description: String { message }
}

extension LedgerError {
    /// An error of the operating system, with the reason that `errno` names.
    static func system(_ what: String, _ path: String, errno code: CInt) -> LedgerError {
        LedgerError(
            .folder,
            """
            \(path): \(what): \(String(cString: strerror(code))). Check its permissions and the disk, or name another \
            folder in `state:`.
            """
        )
    }

    static func damaged(_ path: String, _ why: String) -> LedgerError {
        LedgerError(
            .damaged,
            """
            The ledger at \(path) is damaged (\(why)). Restore it from a backup, or move it away: the history then \
            begins anew and every finding counts as new.
            """
        )
    }

    /// What GRDB or SQLite threw, as a sentence. Bound values are never part of it.
    static func database(_ error: any Error, path: String) -> any Error {
        if error is RowDecodingError || error is DecodingError { return damaged(path, "a row cannot be decoded") }
        guard let error = error as? DatabaseError else { return error }
        let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_ERROR:
            return damaged(path, reason)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return LedgerError(
                .locked,
                "The ledger at \(path) is in use by another process. Wait until it has finished, then try again.",
                isRetryable: true
            )
        default:
            return LedgerError(
                .input,
                "The ledger at \(path) could not be read or written (\(reason)). Check its permissions and the disk."
            )
        }
    }
}
