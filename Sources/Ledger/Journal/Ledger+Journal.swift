import Contacts
import Foundation
import GRDB

extension Ledger {
    /// Begins the journal of an apply or an undo. It is on the disk when this returns, as is all that the methods of a
    /// journal write.
    ///
    /// - Throws: `LedgerError`: `duplicate` where that run has one, else `locked`, `damaged` or `input`.
    package func beginJournal(_ run: JournalRun) throws {
        try write { db in
            guard try Self.journalRun(run.id, db) == nil else {
                throw LedgerError(.duplicate, "Run \(run.id) has a journal already. Start the command again.")
            }
            try db.execute(
                sql: """
                    INSERT INTO journal_runs (id, verb, plan, undoes, started_at, open, pruned)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    run.id, run.verb, run.plan, run.undoes, run.startedAt.milliseconds, run.isOpen, run.isPruned,
                ]
            )
        }
    }

    /// The journals whose runs have not come to their end, in the order in which they were begun.
    package func openJournals() throws -> [JournalRun] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM journal_runs WHERE open ORDER BY number").map(Self.journalRun)
        }
    }

    /// The journal of that run, also one whose entries are gone by retention; nil where it never had one.
    package func journalRun(_ id: String) throws -> JournalRun? { try read { try Self.journalRun(id, $0) } }

    /// Writes entries into an open journal, each in the place of the one that had its ordinal: all of them or none, and
    /// on the disk when this returns.
    ///
    /// - Throws: `LedgerError`: `unknown` where the run has no open journal, else `locked`, `damaged` or `input`.
    package func journal(_ entries: [JournalEntry], of run: String) throws {
        try write { db in
            let number = try Self.openJournal(run, db)
            let statement = try db.cachedStatement(sql: Self.upsertEntry)
            var writer = ExactJSONWriter()
            for entry in entries {
                try statement.execute(arguments: [
                    number, entry.ordinal, entry.operation, entry.store, entry.contact, entry.action.rawValue,
                    writer.text(entry.steps), entry.outcome?.rawValue, entry.why,
                ])
            }
        }
    }

    /// In place where there is one: the table keeps the order of writing.
    private static let upsertEntry = """
        INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (run, ordinal) DO UPDATE SET
            operation = excluded.operation, store = excluded.store, contact = excluded.contact,
            action = excluded.action, steps = excluded.steps, outcome = excluded.outcome, why = excluded.why
        """

    /// Entries of a journal whose ordinals are higher, ascending. A run without a journal has none; those of a person
    /// who was forgotten are missing.
    package func journalEntries(of run: String, after ordinal: Int, limit: Int) throws -> [JournalEntry] {
        try journalEntries(where: "ordinal > ?2 ORDER BY ordinal", run, ordinal, limit)
    }

    /// Entries of a journal whose ordinals are lower, descending; likewise.
    package func journalEntries(of run: String, before ordinal: Int, limit: Int) throws -> [JournalEntry] {
        try journalEntries(where: "ordinal < ?2 ORDER BY ordinal DESC", run, ordinal, limit)
    }

    private func journalEntries(
        where condition: String,
        _ run: String,
        _ ordinal: Int,
        _ limit: Int
    ) throws -> [JournalEntry] {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT ordinal, operation, store, contact, action, steps, outcome, why FROM journal
                    WHERE run = (SELECT number FROM journal_runs WHERE id = ?1) AND \(condition) LIMIT ?3
                    """,
                arguments: [run, ordinal, limit]
            )
            var entries: [JournalEntry] = []
            while let row = try rows.next() {
                let outcome = try row.decode(String?.self, atIndex: 6)
                entries.append(
                    JournalEntry(
                        ordinal: try row.decode(atIndex: 0),
                        operation: try row.decode(atIndex: 1),
                        store: try row.decode(atIndex: 2),
                        contact: try row.decode(atIndex: 3),
                        action: try Self.word(try row.decode(atIndex: 4)),
                        steps: try ExactJSON.steps(try row.decode(atIndex: 5)),
                        outcome: try outcome.map { try Self.word($0) },
                        why: try row.decode(atIndex: 7)
                    )
                )
            }
            return entries
        }
    }

    /// Closes a journal: its run has come to its end. One that is closed stays so.
    ///
    /// - Throws: `LedgerError`: `unknown` where the run has none, else `locked`, `damaged` or `input`.
    package func endJournal(_ run: String) throws {
        try write { db in
            guard try Self.journalRun(run, db) != nil else { throw LedgerError.noJournal(run) }
            try db.execute(sql: "UPDATE journal_runs SET open = 0 WHERE id = ?", arguments: [run])
        }
    }

    /// The number of an open journal, for what belongs to it.
    static func openJournal(_ run: String, _ db: Database) throws -> Int64 {
        let sql = "SELECT number FROM journal_runs WHERE id = ? AND open"
        guard let number = try Int64.fetchOne(db, sql: sql, arguments: [run]) else { throw LedgerError.noJournal(run) }
        return number
    }

    private static func journalRun(_ id: String, _ db: Database) throws -> JournalRun? {
        try Row.fetchOne(db, sql: "SELECT * FROM journal_runs WHERE id = ?", arguments: [id]).map(journalRun)
    }

    private static func journalRun(_ row: Row) throws -> JournalRun {
        JournalRun(
            id: try row.decode(forColumn: "id"),
            verb: try row.decode(forColumn: "verb"),
            plan: try row.decode(forColumn: "plan"),
            undoes: try row.decode(forColumn: "undoes"),
            startedAt: Date(milliseconds: try row.decode(forColumn: "started_at")),
            isOpen: try row.decode(forColumn: "open"),
            isPruned: try row.decode(forColumn: "pruned")
        )
    }
}

extension LedgerError {
    fileprivate static func noJournal(_ run: String) -> LedgerError {
        LedgerError(.unknown, "Run \(run) has no open journal. `rollcall history` lists the runs.")
    }
}
