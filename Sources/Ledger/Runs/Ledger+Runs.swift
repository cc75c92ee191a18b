package import Contacts
import GRDB

extension Ledger {
    /// The runs, newest first: the reverse of the order in which they were recorded.
    package func history(limit: Int) throws -> [HistoryEntry] {
        try read { db in
            try Int64.fetchAll(db, sql: "SELECT position FROM runs ORDER BY position DESC LIMIT ?", arguments: [limit])
                .compactMap { try Self.history(at: $0, db) }
        }
    }

    /// The run of that id, or nil.
    package func run(_ id: String) throws -> HistoryEntry? {
        try read { try Self.history(where: "id = ?", [id], $0) }
    }

    /// The last recorded run of the verb, or nil.
    package func latestRun(verb: String) throws -> HistoryEntry? {
        try read { try Self.history(where: "verb = ?", [verb], $0) }
    }

    /// How many records the store had in the last run that read it through; nil: no run did.
    package func lastRecords(of store: String) throws -> Int? {
        try read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT records FROM run_stores WHERE store = ? AND complete AND records IS NOT NULL
                    ORDER BY run DESC LIMIT 1
                    """,
                arguments: [store]
            )
        }
    }

    /// The columns of the store in the last run that opened it; nil: no run did.
    package func lastColumns(of store: String) throws -> [StoreColumn]? {
        try read { db in
            try String.fetchOne(
                db,
                sql: "SELECT columns FROM run_stores WHERE store = ? AND columns IS NOT NULL ORDER BY run DESC LIMIT 1",
                arguments: [store]
            )
            .map { try LedgerJSON.value(from: $0) }
        }
    }

    /// Passes the findings of a run to the body, in the order in which they were recorded; a run that is not in the
    /// ledger has none. The body must not use the ledger.
    package func findings(of run: String, _ body: (FindingLine) throws -> Void) throws {
        try read { db in
            let position = try Int64.fetchOne(db, sql: "SELECT position FROM runs WHERE id = ?", arguments: [run])
            guard let position else { return }
            var lists = NameListCoder()
            try Self.forEachFinding(of: position, db) { try body(try $0.line(&lists)) }
        }
    }

    /// The last run, the last verdict and what that left open, from one state of the ledger.
    package func status() throws -> LedgerStatus {
        try read { db in
            let audit = try Self.history(where: "verdict IS NOT NULL", [], db)
            let counts = try Row.fetchAll(
                db,
                sql: "SELECT rule, count(*) FROM findings WHERE run = ? AND state = 'confirmed' GROUP BY rule",
                arguments: [audit?.chain]
            )
            return LedgerStatus(
                lastRun: try Self.history(where: "true", [], db),
                lastVerdict: audit,
                open: try counts.reduce(into: [:]) { open, row in
                    open[try row.decode(String.self, atIndex: 0)] = try row.decode(Int.self, atIndex: 1)
                }
            )
        }
    }

    private static func history(where condition: String, _ arguments: StatementArguments, _ db: Database) throws
        -> HistoryEntry?
    {
        try Int64.fetchOne(
            db,
            sql: "SELECT position FROM runs WHERE \(condition) ORDER BY position DESC LIMIT 1",
            arguments: arguments
        )
        .flatMap { try history(at: $0, db) }
    }

    private static func history(at position: Int64, _ db: Database) throws -> HistoryEntry? {
        try entry(at: position, db).map { HistoryEntry($0, chain: Int(position)) }
    }
}
