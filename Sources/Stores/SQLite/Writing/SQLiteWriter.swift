import Contacts
import Foundation
import GRDB
import GRDBSQLite

/// Writes contacts of a SQLite file: one connection, and one transaction for each batch, which holds the write lock from
/// before the batch is read until it is committed.
final class SQLiteWriter: StoreWriter {
    let layout: StoreLayout
    let batchLimit: Int
    let connection: DatabaseQueue
    private let plan: SQLiteBatch.Plan
    private let opener: SQLiteOpener
    /// Grows with every change of the schema.
    private let schemaVersion: Int?

    /// Changes of a batch where each contact is found by an index, and where each batch reads the table through.
    private static let usualLimit = 1_000
    private static let unindexedLimit = 5_000

    /// - Parameter connection: to a file that is there; closed by the caller where this throws.
    /// - Throws: `StoreError`, or `DatabaseError`.
    init(store: SQLiteStore, connection: DatabaseQueue, opener: SQLiteOpener) throws {
        self.connection = connection
        self.opener = opener
        (plan, schemaVersion) = try connection.writeWithoutTransaction { database in
            if sqlite3_db_readonly(database.sqliteConnection, "main") == 1 {
                throw store.error(
                    .readOnly,
                    "open",
                    "\(store.settings.path) may not be written. Check its permissions."
                )
            }
            return (try Self.plan(store, database), try Self.schemaVersion(database))
        }
        layout = plan.layout.layout
        let isIndexed = plan.layout.isKeyIndexed && plan.layout.child?.isIndexed ?? true
        batchLimit = isIndexed ? Self.usualLimit : Self.unindexedLimit
    }

    private static func plan(_ store: SQLiteStore, _ database: Database) throws -> SQLiteBatch.Plan {
        let layout = try SQLiteLayout(store: store, database: database)
        let contacts = try SQLiteTable(store.settings.tables.table, keyColumn: layout.keyColumn, store: store, database)
        let identifiers = try layout.child.map { child in
            try SQLiteTable(child.table, keyColumn: "contact_id", store: store, database)
        }
        let places = layout.sources.map { source -> Int? in
            if case .column(let column) = source { contacts.places[layout.columns[column]] } else { nil }
        }
        let foreignKeys = try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) FROM pragma_table_list AS list, pragma_foreign_key_list(list.name) AS key
                WHERE list.schema = 'main' AND list.type = 'table'
                """
        )
        return SQLiteBatch.Plan(
            store: store,
            layout: layout,
            contacts: contacts,
            identifiers: identifiers,
            places: places,
            hasForeignKeys: foreignKeys ?? 0 > 0
        )
    }

    private static func schemaVersion(_ database: Database) throws -> Int? {
        try Int.fetchOne(database, sql: "PRAGMA schema_version")
    }

    /// As `StoreWriter` has it. Where two changes of a batch are of one contact, the second is read, and `journal` is called
    /// again, when the first is done. Where a trigger rolls back the whole transaction, the batch is begun anew without the
    /// change that set it off.
    func write(
        _ changes: [RecordChange],
        decide: (_ change: Int, _ records: [ContactRecord]) throws -> Bool,
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome] {
        try await transaction { batch, ended in
            var outcomes = [WriteOutcome](repeating: .skipped, count: changes.count)
            for portion in WritePortions.of(changes) {
                let records = try batch.fetch(changes[portion])
                var entries: [(change: Int, steps: [RowStep])] = []
                entries.reserveCapacity(portion.count)
                for index in portion {
                    let own = records[index - portion.lowerBound]
                    guard try decide(index, own) else { continue }
                    do {
                        if let refusal = ended[index] { throw refusal }
                        guard let steps = try batch.steps(of: changes[index], own) else { continue }
                        if steps.isEmpty { outcomes[index] = .written([]) } else { entries.append((index, steps)) }
                    } catch let refusal as WriteRefusal {
                        outcomes[index] = .refused(refusal.why)
                    }
                }
                if !entries.isEmpty { try journal(entries) }
                for (index, steps) in entries { outcomes[index] = try batch.carryOut(steps, of: index) }
            }
            return outcomes
        }
    }

    /// As `StoreWriter` has it; of two lists of one row the second is compared when the first is done.
    func carryOut(
        _ lists: [[RowStep]],
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome] {
        try await transaction { batch, ended in
            var outcomes = [WriteOutcome](repeating: .skipped, count: lists.count)
            for portion in WritePortions.of(lists) {
                var entries: [(change: Int, steps: [RowStep])] = []
                for index in portion {
                    do {
                        if let refusal = ended[index] { throw refusal }
                        switch try batch.standing(of: lists[index]) {
                        case .before(let steps): entries.append((index, steps))
                        case .after(let steps): outcomes[index] = .written(steps)
                        case .neither: break
                        }
                    } catch let refusal as WriteRefusal {
                        outcomes[index] = .refused(refusal.why)
                    }
                }
                if !entries.isEmpty { try journal(entries) }
                for (index, steps) in entries { outcomes[index] = try batch.carryOut(steps, of: index) }
            }
            return outcomes
        }
    }

    func close() async {
        // A connection that will not close is released with the process.
        try? connection.close()
    }

    /// Runs `body` in a transaction that has the write lock from its beginning. Whatever it throws, nothing is written.
    private func transaction(
        _ body: (SQLiteBatch, _ ended: [Int: WriteRefusal]) throws -> [WriteOutcome]
    ) async throws -> [WriteOutcome] {
        var ended: [Int: WriteRefusal] = [:]
        do {
            while true {
                try Task.checkCancellation()
                try await opener.waiting { try execute("BEGIN IMMEDIATE") }
                do {
                    let outcomes = try run(body, ended)
                    // Readers of a database in rollback mode hold up the commit, and no others come in meanwhile.
                    try await opener.waiting { try execute("COMMIT") }
                    return outcomes
                } catch let end as SQLiteBatch.Ended {
                    ended[end.change] = end.refusal
                } catch {
                    rollBack()
                    throw error
                }
            }
        } catch {
            throw plan.store.writingError(error, "write")
        }
    }

    private func run(
        _ body: (SQLiteBatch, [Int: WriteRefusal]) throws -> [WriteOutcome],
        _ ended: [Int: WriteRefusal]
    ) throws -> [WriteOutcome] {
        try connection.writeWithoutTransaction { database in
            guard try Self.schemaVersion(database) == schemaVersion else {
                throw plan.store.error(
                    .changing,
                    "write",
                    "the tables of \(plan.store.settings.path) were changed while they were written. Nothing of the batch"
                        + " was written; run the same command again.",
                    isRetryable: true
                )
            }
            return try body(SQLiteBatch(plan, database), ended)
        }
    }

    private func execute(_ sql: String) throws {
        try connection.writeWithoutTransaction { try $0.execute(sql: sql) }
    }

    /// SQLite rolls back by itself after some errors. A connection that cannot roll back does it when it is closed.
    private func rollBack() {
        try? connection.writeWithoutTransaction { database in
            if database.isInsideTransaction { try database.execute(sql: "ROLLBACK") }
        }
    }
}
