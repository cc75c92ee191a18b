package import Foundation
import GRDB

extension Ledger {
    /// Erases what is older: entries and bases of closed journals whose runs began before, and conflicts that were
    /// resolved before and carried out, changes that were processed, errors that were resolved. What is open, or waits for an apply, stays, and so do the journals' names: see
    /// `JournalRun.isPruned`. Unlike `forget`, it does not look for rests in free space.
    package func prune(before: Date) throws {
        let time = before.milliseconds
        try write { db in
            let runs = try Int64.fetchAll(
                db,
                sql: "SELECT number FROM journal_runs WHERE NOT open AND NOT pruned AND started_at < ?",
                arguments: [time]
            )
            for run in runs {
                try db.execute(sql: "DELETE FROM journal WHERE run = ?", arguments: [run])
                try db.execute(sql: "DELETE FROM kept_bases WHERE run = ?", arguments: [run])
                try db.execute(sql: "UPDATE journal_runs SET pruned = 1 WHERE number = ?", arguments: [run])
            }
            try db.execute(
                sql: "DELETE FROM sync_conflicts WHERE resolved_at < ? AND settled",
                arguments: [time]
            )
            try db.execute(
                sql: "DELETE FROM sync_change_log WHERE processed AND processed_at < ?",
                arguments: [time]
            )
            try db.execute(
                sql: "DELETE FROM sync_processed_events WHERE event_id NOT IN (SELECT event_id FROM sync_change_log)"
            )
            // That an alert is over is told by the last error of its reason.
            try db.execute(
                sql: """
                    DELETE FROM sync_errors_log AS e WHERE resolved_at < ? AND NOT EXISTS (
                        SELECT 1 FROM sync_alerts AS a
                        WHERE a.error_type = e.error_type AND a.system = e.system AND a.code = e.code
                    )
                    """,
                arguments: [time]
            )
        }
    }
}
