package import Foundation
import GRDB

extension Ledger {
    /// Keeps an error. One that is open and is of the same kind, system, contact, code and field is counted, with the later
    /// run, text and time.
    ///
    /// - Returns: its number.
    @discardableResult package func report(_ error: LoggedError) throws -> Int64 {
        try write { db in
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO sync_errors_log (
                        error_type, system, contact, run, code, field, message, first_at, last_at, count
                    )
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
                    ON CONFLICT (error_type, system, ifnull(contact, ''), code, ifnull(field, '')) WHERE resolved_at IS NULL
                    DO UPDATE SET run = excluded.run, message = excluded.message, count = count + 1,
                        last_at = max(last_at, excluded.last_at)
                    RETURNING id
                    """
            )
            let number = try Int64.fetchOne(
                statement,
                arguments: [
                    error.kind.rawValue, error.system, error.contact, error.run, error.code, error.field, error.message,
                    error.firstAt.milliseconds, error.lastAt.milliseconds,
                ]
            )
            guard let number else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
            return number
        }
    }

    /// The errors, or the open ones, the latest first.
    package func errors(openOnly: Bool, limit: Int = 1_000) throws -> [LoggedError] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM sync_errors_log WHERE NOT ? OR resolved_at IS NULL ORDER BY last_at DESC, id DESC LIMIT ?
                    """,
                arguments: [openOnly, limit]
            )
            .map(Self.error)
        }
    }

    /// Resolves an error. One that was resolved stays as it is.
    ///
    /// - Throws: `LedgerError`: `unknown` where there is none of that number; else `locked`, `damaged` or `input`.
    package func resolveError(_ id: Int64, at: Date) throws {
        try write { db in
            try db.execute(
                sql: "UPDATE sync_errors_log SET resolved_at = ifnull(resolved_at, ?) WHERE id = ?",
                arguments: [at.milliseconds, id]
            )
            guard db.changesCount > 0 else {
                throw LedgerError(.unknown, "There is no error \(id). `rollcall errors` lists them.")
            }
        }
    }

    /// Takes note that what was wrong in a system is right again: resolves its open errors that are about no contact.
    ///
    /// - Parameter since: errors that were met at that time or later stay open.
    /// - Returns: how many there were.
    @discardableResult package func clearErrors(of system: String, before since: Date, at: Date) throws -> Int {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE sync_errors_log SET resolved_at = ?
                    WHERE system = ? AND contact IS NULL AND resolved_at IS NULL AND last_at < ?
                    """,
                arguments: [at.milliseconds, system, since.milliseconds]
            )
            return db.changesCount
        }
    }

    /// Takes an error out.
    package func removeError(_ id: Int64) throws {
        try write { try $0.execute(sql: "DELETE FROM sync_errors_log WHERE id = ?", arguments: [id]) }
    }

    private static func error(_ row: Row) throws -> LoggedError {
        var error = LoggedError(
            LoggedError.Kind(rawValue: try row.decode(forColumn: "error_type")) ?? .other,
            system: try row.decode(forColumn: "system"),
            contact: try row.decode(forColumn: "contact"),
            run: try row.decode(forColumn: "run"),
            code: try row.decode(forColumn: "code"),
            field: try row.decode(forColumn: "field"),
            message: try row.decode(forColumn: "message"),
            at: Date(milliseconds: try row.decode(forColumn: "first_at"))
        )
        error.id = try row.decode(forColumn: "id")
        error.lastAt = Date(milliseconds: try row.decode(forColumn: "last_at"))
        error.count = try row.decode(forColumn: "count")
        error.resolvedAt = try row.decode(Int64?.self, forColumn: "resolved_at").map { Date(milliseconds: $0) }
        return error
    }
}
