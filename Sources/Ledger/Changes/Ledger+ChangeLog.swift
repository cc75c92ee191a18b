package import Foundation
import GRDB

extension Ledger {
    /// Writes changes down before anything is done about them. They are on the disk when this returns.
    ///
    /// One that is kept already and waits stays as it is. One that was processed waits again, unless it was given up: the
    /// source has, once more, what it had then.
    ///
    /// - Returns: those that wait because of this call, in the order given, each once.
    package func log(_ events: [ChangeEvent]) throws -> [ChangeEvent] {
        guard !events.isEmpty else { return [] }
        return try write { db in
            let insert = try db.cachedStatement(
                sql: """
                    INSERT INTO sync_change_log (
                        event_id, source, entity_type, entity_id, change_type, timestamp, version, data, metadata, processed,
                        created_at, attempts
                    )
                    VALUES (?, ?, 'contact', ?, ?, ?, ?, ?, ?, 0, ?, 0)
                    ON CONFLICT (event_id) DO UPDATE SET processed = 0, processed_at = NULL, attempts = 0
                    WHERE processed AND NOT EXISTS (
                        SELECT 1 FROM sync_processed_events WHERE event_id = excluded.event_id AND status = 'dead'
                    )
                    """
            )
            return try events.filter { event in
                try insert.execute(arguments: [
                    event.id, event.source, event.contact, event.change.rawValue, event.at.milliseconds, event.version,
                    try LedgerJSON.text(Place(row: event.row)),
                    try LedgerJSON.text(Metadata(origin: event.origin.rawValue)),
                    event.createdAt.milliseconds,
                ])
                return db.changesCount > 0
            }
        }
    }

    /// Changes that wait: what a store told at once before what was found by reading, then by when they were written down.
    package func pendingChanges(limit: Int) throws -> [ChangeEvent] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM sync_change_log WHERE NOT processed
                    ORDER BY metadata ->> '$.origin' = 'polling', sequence LIMIT ?
                    """,
                arguments: [limit]
            )
            .map(Self.event)
        }
    }

    /// Writes down what became of changes, by the store they were carried to, and that these changes wait no longer.
    package func settle(_ outcomes: [ProcessedChange], of events: [String], at: Date) throws {
        try write { db in
            for outcome in outcomes { try Self.keep(outcome, db) }
            let done = try db.cachedStatement(
                sql: "UPDATE sync_change_log SET processed = 1, processed_at = ? WHERE event_id = ?"
            )
            for event in events { try done.execute(arguments: [at.milliseconds, event]) }
        }
    }

    /// Takes note that changes could not be processed. One that has been tried `limit` times is given up, so that the others
    /// go on.
    ///
    /// - Parameters:
    ///   - destination: the store that it failed at.
    ///   - why: a sentence without values.
    /// - Returns: the ids of those that are given up.
    package func fail(_ events: [String], at destination: String, why: String, limit: Int, now: Date) throws -> [String]
    {
        try write { db in
            let count = try db.cachedStatement(
                sql: "UPDATE sync_change_log SET attempts = attempts + 1 WHERE event_id = ? RETURNING attempts"
            )
            return try events.filter { event in
                guard let attempts = try Int.fetchOne(count, arguments: [event]), attempts >= limit else {
                    return false
                }
                let outcome = ProcessedChange(
                    event: event,
                    destination: destination,
                    status: .dead,
                    message: why,
                    at: now
                )
                try Self.keep(outcome, db)
                try db.execute(
                    sql: "UPDATE sync_change_log SET processed = 1, processed_at = ? WHERE event_id = ?",
                    arguments: [now.milliseconds, event]
                )
                return true
            }
        }
    }

    /// What became of a change, by the name of the store.
    package func outcomes(ofChange event: String) throws -> [ProcessedChange] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT * FROM sync_processed_events WHERE event_id = ? ORDER BY destination",
                arguments: [event]
            )
            .map { row in
                ProcessedChange(
                    event: event,
                    destination: try row.decode(forColumn: "destination"),
                    status: ProcessedChange.Status(rawValue: try row.decode(forColumn: "status")) ?? .left,
                    message: try row.decode(forColumn: "error_message"),
                    at: Date(milliseconds: try row.decode(forColumn: "processed_at"))
                )
            }
        }
    }

    /// Takes a change out, with what became of it.
    package func removeChange(id: String) throws {
        try write { db in
            try db.execute(sql: "DELETE FROM sync_processed_events WHERE event_id = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM sync_change_log WHERE event_id = ?", arguments: [id])
        }
    }

    /// Lets a change that was given up wait again.
    ///
    /// - Throws: `LedgerError`: `unknown` where there is none; else `locked`, `damaged` or `input`.
    package func retryDeadChange(id: String) throws {
        try write { db in
            try db.execute(
                sql: "DELETE FROM sync_processed_events WHERE event_id = ? AND status = 'dead'",
                arguments: [id]
            )
            guard db.changesCount > 0 else {
                throw LedgerError(.unknown, "There is no change \(id) that was given up.")
            }
            try db.execute(
                sql: "UPDATE sync_change_log SET processed = 0, processed_at = NULL, attempts = 0 WHERE event_id = ?",
                arguments: [id]
            )
        }
    }

    /// How many changes wait or were given up.
    package func changeCounts() throws -> ChangeCounts {
        try read { db in
            var counts = ChangeCounts()
            let waiting = try Row.fetchOne(
                db,
                sql: "SELECT count(*) AS number, min(created_at) AS oldest FROM sync_change_log WHERE NOT processed"
            )
            if let waiting {
                counts.pending = try waiting.decode(forColumn: "number")
                counts.oldestPendingAt = try waiting.decode(Int64?.self, forColumn: "oldest")
                    .map { Date(milliseconds: $0) }
            }
            counts.dead =
                try Int.fetchOne(
                    db,
                    sql: "SELECT count(DISTINCT event_id) FROM sync_processed_events WHERE status = 'dead'"
                ) ?? 0
            return counts
        }
    }

    // MARK: How far the stores were read

    /// Where the next reading of a store's changes is to begin, in the store's own words; nil where there was none.
    package func changeMark(of store: String) throws -> String? {
        try read { try String.fetchOne($0, sql: "SELECT mark FROM sync_marks WHERE store = ?", arguments: [store]) }
    }

    /// Takes note of how far a store's changes were read. Call when they are written down.
    package func setChangeMark(_ mark: String, of store: String, at: Date) throws {
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO sync_marks VALUES (?, ?, ?)
                    ON CONFLICT (store) DO UPDATE SET mark = excluded.mark, at = excluded.at
                    """,
                arguments: [store, mark, at.milliseconds]
            )
        }
    }

    // MARK: Rows

    private struct Place: Codable {
        let row: String?
    }

    private struct Metadata: Codable {
        let origin: String
    }

    private static func keep(_ outcome: ProcessedChange, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO sync_processed_events VALUES (?, ?, ?, ?, ?)"
        )
        try statement.execute(arguments: [
            outcome.event, outcome.destination, outcome.at.milliseconds, outcome.status.rawValue, outcome.message,
        ])
    }

    private static func event(_ row: Row) throws -> ChangeEvent {
        let data = try LedgerJSON.value(Place.self, from: try row.decode(forColumn: "data"))
        let metadata = try LedgerJSON.value(Metadata.self, from: try row.decode(forColumn: "metadata"))
        return ChangeEvent(
            id: try row.decode(forColumn: "event_id"),
            source: try row.decode(forColumn: "source"),
            contact: try row.decode(forColumn: "entity_id"),
            row: data.row,
            change: ChangeEvent.Change(rawValue: try row.decode(forColumn: "change_type")) ?? .update,
            origin: ChangeEvent.Origin(rawValue: metadata.origin) ?? .polling,
            at: Date(milliseconds: try row.decode(forColumn: "timestamp")),
            version: try row.decode(forColumn: "version"),
            createdAt: Date(milliseconds: try row.decode(forColumn: "created_at"))
        )
    }
}
