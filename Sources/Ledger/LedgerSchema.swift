import GRDB

/// The tables. Everything that belongs to a run names it by its position in the chain, which is the order in which runs
/// were recorded. A migration that was released is never edited; a new one follows it.
enum LedgerSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in try db.execute(sql: first) }
        migrator.registerMigration("2") { db in try db.execute(sql: second) }
        migrator.registerMigration("3") { db in try db.execute(sql: third) }
        return migrator
    }

    /// `AUTOINCREMENT` remembers the highest position ever given, so that a chain cut at its end is noticed.
    private static let first = """
        CREATE TABLE chain (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            entry TEXT NOT NULL,
            previous TEXT NOT NULL,
            hash TEXT NOT NULL
        ) STRICT;

        CREATE TABLE runs (
            position INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            verb TEXT NOT NULL,
            started_at INTEGER NOT NULL,  -- milliseconds since 1970
            finished_at INTEGER NOT NULL,
            verdict TEXT,
            exit INTEGER NOT NULL,
            version TEXT NOT NULL,
            configuration TEXT NOT NULL,
            counts TEXT NOT NULL          -- JSON object
        ) STRICT;
        CREATE INDEX runs_by_verb ON runs (verb, position);

        CREATE TABLE run_stores (
            run INTEGER NOT NULL REFERENCES runs (position),
            ordinal INTEGER NOT NULL,
            store TEXT NOT NULL,
            kind TEXT NOT NULL,
            canonical INTEGER NOT NULL,
            records INTEGER,
            root TEXT,
            complete INTEGER NOT NULL,
            columns TEXT,                 -- JSON array of name and type
            PRIMARY KEY (run, ordinal),
            UNIQUE (store, run)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE run_coverage (
            rule TEXT NOT NULL,
            store TEXT NOT NULL,          -- empty: findings that name no store
            run INTEGER NOT NULL REFERENCES runs (position),
            PRIMARY KEY (rule, store, run)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX run_coverage_by_run ON run_coverage (run);

        CREATE TABLE findings (
            run INTEGER NOT NULL REFERENCES runs (position),
            ordinal INTEGER NOT NULL,     -- in the order of the run, from 1
            id TEXT NOT NULL,
            rule TEXT NOT NULL,
            contact TEXT,
            stores TEXT NOT NULL,         -- JSON array of names
            fields TEXT NOT NULL,         -- JSON array of names
            state TEXT NOT NULL,
            PRIMARY KEY (run, ordinal)
        ) STRICT, WITHOUT ROWID;
        """

    /// What is kept of repairs. A journal has a number of its own: its run is in the chain only when it has ended.
    private static let second = """
        CREATE TABLE journal_runs (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            verb TEXT NOT NULL,
            plan TEXT,
            undoes TEXT,
            started_at INTEGER NOT NULL,  -- milliseconds since 1970
            open INTEGER NOT NULL,
            pruned INTEGER NOT NULL       -- whether retention has taken what belongs to it
        ) STRICT;

        CREATE TABLE journal (
            run INTEGER NOT NULL REFERENCES journal_runs (number),
            ordinal INTEGER NOT NULL,
            operation TEXT NOT NULL,
            store TEXT NOT NULL,
            contact TEXT NOT NULL,
            action TEXT NOT NULL,
            steps TEXT NOT NULL,          -- see ExactJSON
            outcome TEXT,                 -- null: about to be written
            why TEXT NOT NULL,
            UNIQUE (run, ordinal)
        ) STRICT;

        CREATE TABLE kept_bases (
            run INTEGER NOT NULL REFERENCES journal_runs (number),
            store TEXT NOT NULL,
            key_digest INTEGER NOT NULL,  -- its bits
            before BLOB,                  -- the line as the roll has it
            after BLOB,
            PRIMARY KEY (run, store, key_digest)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sync_conflicts (
            id TEXT PRIMARY KEY,
            contact TEXT NOT NULL,
            winner TEXT,
            loser TEXT,
            stores TEXT NOT NULL,         -- JSON array of names
            fields TEXT NOT NULL,         -- see ExactJSON
            why TEXT NOT NULL,
            run TEXT NOT NULL,
            at INTEGER NOT NULL,          -- milliseconds since 1970
            resolved_at INTEGER,
            taken TEXT,
            settled INTEGER NOT NULL      -- whether an apply has carried out what was taken
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sync_conflicts_by_contact ON sync_conflicts (contact);

        CREATE TABLE forgotten (
            digest TEXT PRIMARY KEY,
            at INTEGER NOT NULL           -- milliseconds since 1970
        ) STRICT, WITHOUT ROWID;
        """

    /// What is kept of the work between audits: changes before they are acted on, and what went wrong.
    private static let third = """
        CREATE TABLE sync_change_log (
            sequence INTEGER PRIMARY KEY,
            event_id TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL,
            entity_type TEXT NOT NULL,
            entity_id TEXT,               -- the contact's key; null: only its row is known
            change_type TEXT NOT NULL,
            timestamp INTEGER NOT NULL,   -- milliseconds since 1970, as are all times
            version INTEGER,
            data TEXT NOT NULL,           -- JSON object: where to read, no value of the contact
            metadata TEXT NOT NULL,       -- JSON object: who told
            processed INTEGER NOT NULL,
            processed_at INTEGER,
            created_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX sync_change_log_pending ON sync_change_log (sequence) WHERE NOT processed;
        CREATE INDEX sync_change_log_by_entity ON sync_change_log (entity_id);

        CREATE TABLE sync_processed_events (
            event_id TEXT NOT NULL,
            destination TEXT NOT NULL,
            processed_at INTEGER NOT NULL,
            status TEXT NOT NULL,
            error_message TEXT,
            PRIMARY KEY (event_id, destination)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sync_processed_events_dead ON sync_processed_events (event_id) WHERE status = 'dead';

        CREATE TABLE sync_marks (
            store TEXT PRIMARY KEY,
            mark TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sync_errors_log (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            error_type TEXT NOT NULL,
            system TEXT NOT NULL,
            contact TEXT,
            run TEXT,
            code TEXT NOT NULL,
            field TEXT,
            message TEXT NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            count INTEGER NOT NULL,
            resolved_at INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX sync_errors_log_open
            ON sync_errors_log (error_type, system, ifnull(contact, ''), code, ifnull(field, '')) WHERE resolved_at IS NULL;

        CREATE TABLE sync_alerts (
            error_type TEXT NOT NULL,
            system TEXT NOT NULL,
            code TEXT NOT NULL,
            told_at INTEGER NOT NULL,
            PRIMARY KEY (error_type, system, code)
        ) STRICT, WITHOUT ROWID;
        """
}
