import GRDB

/// The tables. Everything that belongs to a run names it by its position in the chain, which is the order in which runs
/// were recorded. A migration that was released is never edited; a new one follows it.
enum LedgerSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in try db.execute(sql: first) }
        migrator.registerMigration("2") { db in try db.execute(sql: second) }
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
}
