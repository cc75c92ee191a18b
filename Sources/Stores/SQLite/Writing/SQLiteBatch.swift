import Contacts
import GRDB
import GRDBSQLite

/// One batch of writes, inside its transaction.
final class SQLiteBatch {
    /// What a batch needs to know of the store; the same for all of them.
    struct Plan: Sendable {
        let store: SQLiteStore
        let layout: SQLiteLayout
        let contacts: SQLiteTable
        let identifiers: SQLiteTable?
        /// Of each field the place of its column in `contacts`; nil where rows of `identifiers` hold it, and where the
        /// column is computed.
        let places: [Int?]
        /// Whether any table has a foreign key: then a change may leave one open until the transaction ends.
        let hasForeignKeys: Bool
    }

    /// A change has ended the whole transaction (a trigger's `RAISE(ROLLBACK)`): nothing of the batch is written.
    struct Ended: Error {
        let change: Int
        let refusal: WriteRefusal
    }

    let plan: Plan
    let database: Database
    let contacts: SQLiteRows
    let identifiers: SQLiteRows?
    let conversion: SQLiteConversion
    let normal = IdentifierNormalForm()

    init(_ plan: Plan, _ database: Database) throws {
        self.plan = plan
        self.database = database
        contacts = SQLiteRows(plan.contacts, database)
        identifiers = plan.identifiers.map { SQLiteRows($0, database) }
        conversion = try SQLiteConversion(database)
    }

    /// The records that may be the contacts of these changes, as they are inside the transaction.
    func fetch(_ changes: ArraySlice<RecordChange>) throws -> [[ContactRecord]] {
        let isThorough = !plan.layout.isKeyIndexed
        let records = try SQLiteFetch(layout: plan.layout, store: plan.store, database: database)
            .records(of: changes.map { RecordRequest(key: $0.key, rows: $0.rows, isThorough: isThorough) })
        // A copy that the reader made of a table without an index is of this state alone.
        if plan.layout.child?.isIndexed == false {
            try database.execute(sql: "DROP TABLE IF EXISTS temp.rollcall_identifiers")
        }
        return records
    }

    /// The rows of the table that a step names; nil where it is neither of the two.
    func rows(of table: String) -> SQLiteRows? {
        if table == plan.contacts.name { return contacts }
        return table == plan.identifiers?.name ? identifiers : nil
    }

    /// Carries out the steps of one change, all of them or none.
    ///
    /// - Parameter change: its number in the batch.
    /// - Throws: `Ended`, or `DatabaseError` where the store cannot be written.
    func carryOut(_ steps: [RowStep], of change: Int) throws -> WriteOutcome {
        let isGuarded =
            steps.count > 1 || plan.hasForeignKeys || plan.contacts.hasTriggers
            || plan.identifiers?.hasTriggers == true
        do {
            if isGuarded { try statement("SAVEPOINT rollcall").run() }
            let done = try steps.map(carryOut)
            if plan.hasForeignKeys { try checkForeignKeys(plan.contacts.name) }
            if isGuarded { try statement("RELEASE rollcall").run() }
            return .written(done)
        } catch {
            let refusal = WriteRefusal(ofSQLite: error, table: plan.contacts.name)
            guard sqlite3_get_autocommit(database.sqliteConnection) == 0 else {
                if let refusal { throw Ended(change: change, refusal: refusal) }
                throw error
            }
            guard let refusal else { throw error }
            if isGuarded {
                try statement("ROLLBACK TO rollcall").run()
                try statement("RELEASE rollcall").run()
            }
            return .refused(refusal.why)
        }
    }

    /// Writes one row.
    ///
    /// - Returns: the step with the row's name, and with what the row then holds where SQLite or a trigger had a say in it.
    ///   What triggers change beside the step's own columns, or in other tables, is the application's and in no step.
    private func carryOut(_ step: RowStep) throws -> RowStep {
        guard let rows = rows(of: step.table) else {
            throw WriteRefusal("there is no table \(step.table) among those that are written")
        }
        do {
            var done = step
            switch (step.row, step.before, step.after) {
            case (let row, nil, let after?):
                let row = try rows.insert(after, row: row)
                done.row = row
                done.after = try rows.read(row)
            case (let row?, _?, nil): try rows.delete(row)
            case (let row?, _?, let after?):
                try rows.update(row, after)
                if rows.table.hasTriggers, let image = try rows.read(row) {
                    done.after = image.filter { after[$0.key] != nil }
                }
            default: break
            }
            return done
        } catch {
            throw WriteRefusal(ofSQLite: error, table: step.table) ?? error
        }
    }

    /// Foreign keys may be open until the transaction ends, and would then take the whole batch with them.
    private func checkForeignKeys(_ table: String) throws {
        var open: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(database.sqliteConnection, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0)
        if open != 0 { throw WriteRefusal(WriteRefusal.openForeignKey(table)) }
    }

    private func statement(_ sql: String) throws -> Statement { try database.cachedStatement(sql: sql) }
}
