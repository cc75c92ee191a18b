import Contacts
import Fingerprint

/// One batch of writes, or a stretch of it, inside its transaction and on its connection's thread.
final class PostgresBatch {
    /// What a batch needs to know of the store; the same for all of them.
    struct Plan: Sendable {
        let store: PostgresStore
        let layout: PostgresLayout
        let contacts: PostgresTable
        let identifiers: PostgresTable?
        /// Of each field the place of its column in `contacts`; nil where rows of `identifiers` hold it, and where the
        /// column is computed.
        let places: [Int?]
        /// Whether the server lets no two contacts have one key.
        let isKeyUnique: Bool
        /// Whether who adds an identifier waits for whoever holds its contact: a foreign key sees to that.
        let holdsIdentifiers: Bool
    }

    let plan: Plan
    let link: PostgresLink
    let contacts: PostgresRows
    let identifiers: PostgresRows?
    let conversion: PostgresConversion
    let normal = IdentifierNormalForm()

    init(_ plan: Plan, _ link: PostgresLink) {
        self.plan = plan
        self.link = link
        contacts = PostgresRows(plan.contacts, link)
        identifiers = plan.identifiers.map { PostgresRows($0, link) }
        conversion = PostgresConversion(link)
    }

    /// The rows of the table that a step names; nil where it is neither of the two.
    func rows(of table: String) -> PostgresRows? {
        if table == plan.contacts.name { return contacts }
        return table == plan.identifiers?.name ? identifiers : nil
    }

    // MARK: Holding

    /// Keeps others from adding rows that no held row would keep out, until the transaction ends.
    ///
    /// - Parameters:
    ///   - addsContacts: whether contacts are added, of which no second one may come.
    ///   - readsIdentifiers: whether all identifiers of a contact are read, of which no further one may come.
    func holdTables(addsContacts: Bool, readsIdentifiers: Bool) throws {
        if addsContacts, !plan.isKeyUnique { try lock(plan.contacts) }
        if readsIdentifiers, !plan.holdsIdentifiers, let table = plan.identifiers { try lock(table) }
    }

    private func lock(_ table: PostgresTable) throws {
        try link.execute("LOCK TABLE \(table.quoted) IN SHARE ROW EXCLUSIVE MODE")
    }

    /// Rows that come while others are waited for are looked for again so often.
    private static let attempts = 5

    /// The records that may be the contacts of these changes, as they are inside the transaction; their rows are held.
    func fetch(_ changes: ArraySlice<RecordChange>) throws -> [[ContactRecord]] {
        let isThorough = !plan.layout.catalog.isIndexed(plan.layout.key.name)
        let requests = changes.map { RecordRequest(key: $0.key, rows: $0.rows, isThorough: isThorough) }
        let fetch = PostgresFetch(layout: plan.layout, store: plan.store, link: link)
        var held: Set<RowID> = []
        for _ in 0..<Self.attempts {
            let records = try fetch.records(of: requests)
            let names = Set(records.joined().map(\.row))
            if names.isSubset(of: held) { return records }
            try contacts.hold(names.subtracting(held))
            held.formUnion(names)
            if let child = plan.layout.child, let identifiers {
                let keys = Set(records.joined().compactMap(keyText))
                _ = try identifiers.rows(of: child, keys: Array(keys), beside: plan.layout.key)
            }
        }
        throw PostgresFailure(state: "40001", primary: "rows came again and again")
    }

    /// A record's key as its column holds it.
    func key(of record: ContactRecord) -> RawValue {
        plan.layout.layout.index(of: ContactSchema.Name.key).map { record.values[$0] } ?? .null
    }

    /// The text of that key; nil where it has none.
    func keyText(of record: ContactRecord) -> [UInt8]? {
        if case .text(let bytes) = key(of: record) { bytes } else { nil }
    }

    // MARK: Writing

    /// Carries out the steps of several changes, those of each change all or none.
    ///
    /// - Throws: `PostgresFailure` where the store cannot be written, or `CancellationError`.
    func carryOut(_ entries: [(change: Int, steps: [RowStep])]) throws -> [WriteOutcome] {
        // All in one go; where the server refuses any, each change by itself.
        if entries.count > 1, case .success(let done) = try attempt(entries.flatMap(\.steps)) {
            var rest = done[...]
            return entries.map { entry in
                defer { rest = rest.dropFirst(entry.steps.count) }
                return .written(Array(rest.prefix(entry.steps.count)))
            }
        }
        return try entries.map { entry in
            switch try attempt(entry.steps) {
            case .success(let done): .written(done)
            case .failure(let refusal): .refused(refusal.why)
            }
        }
    }

    /// Carries out steps, all or none.
    private func attempt(_ steps: [RowStep]) throws -> Result<[RowStep], WriteRefusal> {
        let statements: [PostgresLink.Statement]
        do throws(WriteRefusal) {
            statements = try steps.map(statement)
        } catch {
            return .failure(error)
        }
        try link.execute("SAVEPOINT rollcall_change")
        do {
            let results = try link.pipeline(statements)
            let done = try zip(steps, results).map(done)
            try link.execute("RELEASE SAVEPOINT rollcall_change")
            return .success(done)
        } catch {
            let table = steps.first?.table ?? plan.contacts.name
            guard let refusal = WriteRefusal(ofPostgres: error, table: table) else { throw error }
            try link.execute("ROLLBACK TO SAVEPOINT rollcall_change; RELEASE SAVEPOINT rollcall_change")
            return .failure(refusal)
        }
    }

    private func statement(_ step: RowStep) throws(WriteRefusal) -> PostgresLink.Statement {
        guard let rows = rows(of: step.table) else {
            throw WriteRefusal("there is no table \(step.table) among those that are written")
        }
        return try rows.statement(step)
    }

    /// The step with the row's name, and with what the row then holds: a trigger, or a default, may have had a say in it. What
    /// triggers change beside the step's own columns, or in other tables, is the application's and in no step.
    private func done(_ step: RowStep, _ result: PostgresResult) throws -> RowStep {
        guard let table = rows(of: step.table)?.table, result.count == 1 else {
            throw WriteRefusal(
                "table \(step.table) did not take it for exactly one row: a trigger passes over it, or rows of other tables"
                    + " would change along with it"
            )
        }
        guard let after = step.after else { return step }
        let row = table.row(result, 0)
        return RowStep(
            table: step.table,
            row: row.name,
            before: step.before,
            after: step.before == nil ? row.image : row.image.filter { after[$0.key] != nil }
        )
    }
}
