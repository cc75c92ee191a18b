import Contacts

/// Writes contacts of a Postgres store: one connection, and one READ COMMITTED transaction for each batch, in which the rows
/// of its contacts are held from before they are read until it is committed.
final class PostgresWriter: StoreWriter {
    let layout: StoreLayout
    let batchLimit: Int
    private let connection: PostgresConnection
    private let plan: PostgresBatch.Plan
    /// Whether the role's commits return before they are on the disk: behind a commit the journal says `done`.
    private let isAsynchronous: Bool

    /// Changes of a batch where each contact is found by an index, and where each batch reads the table through.
    private static let usualLimit = 1_000
    private static let unindexedLimit = 5_000
    /// How often a batch is begun anew where other writers are in the way.
    private static let attempts = 5

    /// What is found out when a writer is opened.
    private struct Opening: Sendable {
        let plan: PostgresBatch.Plan
        let isAsynchronous: Bool
    }

    private init(_ connection: PostgresConnection, _ opening: Opening) {
        self.connection = connection
        plan = opening.plan
        isAsynchronous = opening.isAsynchronous
        layout = plan.layout.layout
        let catalog = plan.layout.catalog
        let child = plan.layout.child
        let isIndexed =
            catalog.isIndexed(plan.layout.key.name) && child?.catalog.isIndexed(child?.contact.name ?? "") ?? true
        batchLimit = isIndexed ? Self.usualLimit : Self.unindexedLimit
    }

    static func open(_ store: PostgresStore) async throws -> PostgresWriter {
        let connection = try await PostgresConnection.open(store)
        do {
            let begin = PostgresTransaction.begin(.writing, connection)
            let opening = try await connection.run("open") { link in
                try link.execute(begin)
                let opening = try Self.opening(store, link)
                try link.execute("ROLLBACK")
                return opening
            }
            return PostgresWriter(connection, opening)
        } catch {
            await connection.close()
            throw error
        }
    }

    private static func opening(_ store: PostgresStore, _ link: PostgresLink) throws -> Opening {
        let state = try link.query(
            """
            SELECT pg_catalog.pg_is_in_recovery()::pg_catalog.text, pg_catalog.current_setting('transaction_read_only'),
                pg_catalog.current_setting('synchronous_commit')
            """
        )
        if state.bool(0, 0) {
            throw store.error(
                .readOnly,
                "open",
                "the server is a standby. Name the primary server in stores.\(store.name).dsn."
            )
        }
        if state.text(0, 1) == "on" {
            throw store.error(
                .readOnly,
                "open",
                "the database, or the role of stores.\(store.name).dsn, is set to be read only"
                    + " (default_transaction_read_only)."
            )
        }
        let layout = try PostgresLayout(store: store, link)
        let contacts = try PostgresTable(layout.catalog, key: [layout.key], store: store, link)
        try checkRights(layout.catalog, store, link)
        let identifiers = try layout.child.map { child in
            let table = try PostgresTable(
                child.catalog,
                key: [child.contact, child.type, child.value],
                store: store,
                link
            )
            try checkRights(child.catalog, store, link)
            return table
        }
        let places = layout.sources.map { source -> Int? in
            if case .column(let column) = source { contacts.places[layout.columns[column].name] } else { nil }
        }
        let plan = PostgresBatch.Plan(
            store: store,
            layout: layout,
            contacts: contacts,
            identifiers: identifiers,
            places: places,
            isKeyUnique: layout.catalog.isUnique(layout.key.name),
            holdsIdentifiers: try layout.child.map { try isHeld($0, by: layout.catalog, link) } ?? true
        )
        return Opening(plan: plan, isAsynchronous: state.text(0, 2) == "off")
    }

    /// Refuses a role that may write nothing of a table; what it may write, the server says when it is written.
    private static func checkRights(_ catalog: PostgresCatalog, _ store: PostgresStore, _ link: PostgresLink) throws {
        let rights = try link.query(
            """
            SELECT (pg_catalog.has_any_column_privilege($1::pg_catalog.oid, 'INSERT')
                OR pg_catalog.has_any_column_privilege($1::pg_catalog.oid, 'UPDATE')
                OR pg_catalog.has_table_privilege($1::pg_catalog.oid, 'DELETE'))::pg_catalog.text
            """,
            [Array(catalog.oid.utf8)]
        )
        guard !rights.bool(0, 0) else { return }
        throw store.error(
            .denied,
            "open",
            "the role of stores.\(store.name).dsn may not write table \(catalog.table). Grant it SELECT, INSERT, UPDATE and"
                + " DELETE."
        )
    }

    /// Whether a foreign key makes whoever adds an identifier wait for whoever holds its contact.
    private static func isHeld(_ child: PostgresLayout.Child, by catalog: PostgresCatalog, _ link: PostgresLink) throws
        -> Bool
    {
        let keys = try link.query(
            """
            SELECT 1 FROM pg_catalog.pg_constraint k
                JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
            WHERE k.contype = 'f' AND k.conrelid = $1::pg_catalog.oid AND k.confrelid = $2::pg_catalog.oid
                AND a.attname = $3
            """,
            [Array(child.catalog.oid.utf8), Array(catalog.oid.utf8), Array(child.contact.name.utf8)]
        )
        return keys.count > 0
    }

    // MARK: Writing

    /// As `StoreWriter` has it. Where two changes of a batch are of one contact, the second is read, and `journal` is called
    /// again, when the first is done. Where other writers are in the way, the batch is begun anew.
    func write(
        _ changes: [RecordChange],
        decide: (_ change: Int, _ records: [ContactRecord]) throws -> Bool,
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome] {
        if changes.isEmpty { return [] }
        let addsContacts = changes.contains { $0.action == .insert }
        let readsIdentifiers = changes.contains { change in
            change.action == .remove
                || change.values.keys.contains { if case .child = plan.layout.sources[$0] { true } else { false } }
        }
        return try await transaction(addsContacts, readsIdentifiers) {
            var outcomes = [WriteOutcome](repeating: .skipped, count: changes.count)
            for portion in WritePortions.of(changes) {
                let records = try await run { try $0.fetch(changes[portion]) }
                var accepted: [PostgresBatch.Accepted] = []
                for index in portion {
                    let own = records[index - portion.lowerBound]
                    guard try decide(index, own) else { continue }
                    accepted.append(PostgresBatch.Accepted(index: index, change: changes[index], records: own))
                }
                guard !accepted.isEmpty else { continue }
                let going = accepted
                let planned = try await run { try $0.steps(of: going) }
                var entries: [(change: Int, steps: [RowStep])] = []
                for (one, planned) in zip(accepted, planned) {
                    switch planned {
                    case .failure(let refusal): outcomes[one.index] = .refused(refusal.why)
                    case .success(nil): break
                    case .success(let steps?) where steps.isEmpty: outcomes[one.index] = .written([])
                    case .success(let steps?): entries.append((one.index, steps))
                    }
                }
                try await carryOut(entries, journal, &outcomes)
            }
            return outcomes
        }
    }

    /// As `StoreWriter` has it; of two lists of one row the second is compared when the first is done.
    func carryOut(
        _ lists: [[RowStep]],
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome] {
        if lists.isEmpty { return [] }
        let addsContacts = lists.joined().contains { $0.table == plan.contacts.name && $0.before == nil }
        return try await transaction(addsContacts, false) {
            var outcomes = [WriteOutcome](repeating: .skipped, count: lists.count)
            for portion in WritePortions.of(lists) {
                let standings = try await run { try $0.standings(of: Array(lists[portion])) }
                var entries: [(change: Int, steps: [RowStep])] = []
                for (index, standing) in zip(portion, standings) {
                    switch standing {
                    case .failure(let refusal): outcomes[index] = .refused(refusal.why)
                    case .success(.before(let steps)): entries.append((index, steps))
                    case .success(.after(let steps)): outcomes[index] = .written(steps)
                    case .success(.neither): break
                    }
                }
                try await carryOut(entries, journal, &outcomes)
            }
            return outcomes
        }
    }

    private func carryOut(
        _ entries: [(change: Int, steps: [RowStep])],
        _ journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void,
        _ outcomes: inout [WriteOutcome]
    ) async throws {
        guard !entries.isEmpty else { return }
        try journal(entries)
        let done = try await run { try $0.carryOut(entries) }
        for (entry, outcome) in zip(entries, done) { outcomes[entry.change] = outcome }
    }

    func close() async { await connection.close() }

    // MARK: Batches

    private func run<Result: Sendable>(_ body: @escaping @Sendable (PostgresBatch) throws -> Result) async throws
        -> Result
    {
        let plan = plan
        return try await connection.attempt { try body(PostgresBatch(plan, $0)) }
    }

    /// Runs `body` in a transaction. Whatever it throws, nothing is written. Only where the connection is lost while the
    /// server commits does nobody know: the journal's steps tell when they are carried out again.
    private func transaction(
        _ addsContacts: Bool,
        _ readsIdentifiers: Bool,
        _ body: () async throws -> [WriteOutcome]
    ) async throws -> [WriteOutcome] {
        var attempt = 1
        // Constraints that wait for the end of the transaction would take the whole batch with them.
        let begin =
            PostgresTransaction.begin(.writing, connection) + "; SET CONSTRAINTS ALL IMMEDIATE"
            + (isAsynchronous ? "; SET LOCAL synchronous_commit = on" : "")
        while true {
            do {
                try await connection.attempt { try $0.execute(begin) }
                try await run { try $0.holdTables(addsContacts: addsContacts, readsIdentifiers: readsIdentifiers) }
                let outcomes = try await body()
                try await connection.attempt { try $0.commit() }
                return outcomes
            } catch {
                await connection.rollBack()
                guard let failure = error as? PostgresFailure else { throw error }
                guard failure.isConflict, attempt < Self.attempts else { throw plan.store.writingError(failure) }
                try await Task.sleep(for: .milliseconds(50 << attempt))
                attempt += 1
            }
        }
    }
}

extension PostgresFailure {
    /// Whether other transactions were in the way, and the same may succeed when it is begun anew.
    fileprivate var isConflict: Bool { ["40001", "40P01"].contains(state) }
}
