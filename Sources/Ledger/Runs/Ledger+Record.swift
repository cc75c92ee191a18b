import Contacts
import GRDB

extension Ledger {
    /// Records a run that has ended, interrupted ones too, with its findings, and appends it to the chain: all in one
    /// transaction. Findings are taken from the sequence one by one, in order.
    ///
    /// - Parameter historyKey: the key of the chain; without one it detects accidents, not forgery.
    /// - Returns: the entry's position in the chain, from 1.
    /// - Throws: `LedgerError`: `duplicate` when a run of that id is recorded, else `locked`, `damaged` or `input`.
    package func record(
        _ entry: RunEntry,
        findings: some Sequence<FindingLine>,
        historyKey: [UInt8]? = nil
    ) throws -> Int {
        let entry = entry.kept
        return try write { db in
            guard try Int.fetchOne(db, sql: "SELECT 1 FROM runs WHERE id = ?", arguments: [entry.id]) == nil else {
                throw LedgerError(.duplicate, "Run \(entry.id) is in the ledger already. Start the command again.")
            }
            let run = try Self.lastPosition(db) + 1
            try Self.insert(entry, at: run, db)
            let digest = try Self.insert(findings, of: run, db)
            let link = ChainEntry(run: entry, findings: digest.count, findingsDigest: digest.text)
            try Self.append(link, at: run, key: historyKey, db)
            return Int(run)
        }
    }

    /// The highest position ever given, 0 in an empty ledger.
    static func lastPosition(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'chain'") ?? 0
    }

    private static func insert(_ entry: RunEntry, at run: Int64, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                run, entry.id, entry.verb, entry.startedAt.milliseconds, entry.finishedAt.milliseconds,
                entry.verdict?.rawValue, entry.exit, entry.version, entry.configuration,
                try LedgerJSON.text(entry.counts),
            ]
        )
        for (ordinal, store) in entry.stores.enumerated() {
            try db.execute(
                sql: "INSERT INTO run_stores VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    run, ordinal, store.name, store.kind, store.canonical, store.records, store.root, store.complete,
                    try store.columns.map { try LedgerJSON.text($0) },
                ]
            )
        }
        for pair in entry.coverage {
            try db.execute(
                sql: "INSERT INTO run_coverage VALUES (?, ?, ?)",
                arguments: [pair.rule.name, pair.store ?? "", run]
            )
        }
    }

    private static func insert(
        _ findings: some Sequence<FindingLine>,
        of run: Int64,
        _ db: Database
    ) throws -> FindingsDigest {
        let statement = try db.makeStatement(sql: "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        var digest = FindingsDigest()
        var lists = NameListCoder()
        for line in findings {
            let stores = try lists.text(line.stores)
            let fields = try lists.text(line.fields)
            digest.append([line.id, line.rule.name, line.contact, stores, fields, line.state.rawValue])
            try statement.execute(arguments: [
                run, digest.count, line.id, line.rule.name, line.contact, stores, fields, line.state.rawValue,
            ])
        }
        return digest
    }

    private static func append(_ link: ChainEntry, at run: Int64, key: [UInt8]?, _ db: Database) throws {
        let text = try LedgerJSON.text(link)
        let previous = try String.fetchOne(db, sql: "SELECT hash FROM chain ORDER BY position DESC LIMIT 1") ?? ""
        try db.execute(
            sql: "INSERT INTO chain VALUES (?, ?, ?, ?)",
            arguments: [run, text, previous, ChainHash.make(previous: previous, entry: text, key: key)]
        )
    }
}
