package import Foundation
import GRDB

/// What changed about the reasons of errors since somebody was told last.
package struct AlertChanges: Sendable, Hashable {
    /// Reasons of open errors that nobody was told of, with the latest text of each, by system and code.
    package var opened: [Alert] = []
    /// Reasons that somebody was told of and that have no open error any more.
    package var cleared: [Alert] = []

    /// Whether there is nothing to tell.
    package var isEmpty: Bool { opened.isEmpty && cleared.isEmpty }

    /// A reason, and what it is about.
    package struct Alert: Sendable, Hashable {
        /// The reason.
        package let cause: LoggedError.Cause
        /// The latest sentence; of a reason that is gone, that of its last error.
        package let message: String
        /// Open errors that have it.
        package let errors: Int
    }
}

extension Ledger {
    /// What is to be told: each reason once when it comes, and once when it is gone.
    package func alertChanges() throws -> AlertChanges {
        try read { db in
            var changes = AlertChanges()
            let groups = try Row.fetchAll(
                db,
                sql: """
                    SELECT error_type, system, code, message, max(last_at), sum(resolved_at IS NULL) AS open,
                        EXISTS (
                            SELECT 1 FROM sync_alerts AS a
                            WHERE a.error_type = e.error_type AND a.system = e.system AND a.code = e.code
                        ) AS told
                    FROM sync_errors_log AS e GROUP BY error_type, system, code ORDER BY system, code, error_type
                    """
            )
            for row in groups {
                let open: Int = try row.decode(forColumn: "open")
                let wasTold: Bool = try row.decode(forColumn: "told")
                guard (open > 0) != wasTold else { continue }
                let alert = AlertChanges.Alert(
                    cause: LoggedError.Cause(
                        kind: LoggedError.Kind(rawValue: try row.decode(forColumn: "error_type")) ?? .other,
                        system: try row.decode(forColumn: "system"),
                        code: try row.decode(forColumn: "code")
                    ),
                    message: try row.decode(forColumn: "message"),
                    errors: open
                )
                if open > 0 { changes.opened.append(alert) } else { changes.cleared.append(alert) }
            }
            return changes
        }
    }

    /// Takes note that somebody was told.
    package func settleAlerts(_ changes: AlertChanges, at: Date) throws {
        try write { db in
            for alert in changes.opened {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO sync_alerts VALUES (?, ?, ?, ?)",
                    arguments: [alert.cause.kind.rawValue, alert.cause.system, alert.cause.code, at.milliseconds]
                )
            }
            for alert in changes.cleared {
                try db.execute(
                    sql: "DELETE FROM sync_alerts WHERE error_type = ? AND system = ? AND code = ?",
                    arguments: [alert.cause.kind.rawValue, alert.cause.system, alert.cause.code]
                )
            }
        }
    }
}
