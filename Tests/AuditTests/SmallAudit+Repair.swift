import Audit
import Contacts
import Fingerprint
import Foundation
import GRDB
import Ledger
import Repair
import Stores

/// What follows an audit: plan, apply, undo.
extension SmallAudit {
    func plan(_ adjust: (inout PlanRun.Options) -> Void = { _ in }) async throws -> PlanOutcome {
        var options = PlanRun.Options()
        adjust(&options)
        return try await planRun(options).run()
    }

    func plan(from source: PlanRun.Source, adopts: Bool = false) async throws -> PlanOutcome {
        var options = PlanRun.Options()
        options.adoptsOrphans = adopts
        return try await planRun(options).run(from: source)
    }

    private func planRun(_ options: PlanRun.Options) -> PlanRun {
        var input = input()
        input.verb = "plan"
        return PlanRun(input: input, options: options, state: state, ledger: ledger) { _ in }
    }

    func apply(
        _ plan: RepairPlan,
        isDryRun: Bool = false,
        checkpoint: @escaping @Sendable (ApplyCheckpoint) -> Void = { _ in }
    ) async throws -> ApplyReport {
        try await Applier(
            plan: plan,
            input: applyInput(isDryRun: isDryRun),
            state: state,
            ledger: ledger,
            progress: { _ in },
            checkpoint: checkpoint
        )
        .run()
    }

    func undo(_ run: String) async throws -> ApplyReport {
        let input = applyInput(isDryRun: false)
        return try await Undo(run: run, input: input, state: state, ledger: ledger, progress: { _ in }).run()
    }

    private func applyInput(isDryRun: Bool) -> ApplyInput {
        ApplyInput(
            version: "test",
            configuration: TextDigest.sha256("test"),
            canonical: Self.names[0],
            targets: Self.names.map { name in
                let store = SQLiteStore(
                    name: name,
                    settings: SQLiteStoreSettings(path: path(name)),
                    schema: .standard,
                    scratch: folder + "/scratch"
                )
                return RepairTarget(name: name, store: store, records: 20)
            },
            schema: .standard,
            scheme: .xxh3,
            phoneRegion: "US",
            limits: BlastLimits(maxChange: 0.05, maxDeletes: 1000, maxInserts: 1000),
            allowsLarge: false,
            isDryRun: isDryRun,
            historyKey: nil,
            now: { Self.now }
        )
    }

    /// Every row of a store, row numbers included, as text.
    func rows(_ store: String) throws -> [String] {
        let queue = try DatabaseQueue(path: path(store))
        defer { try? queue.close() }
        return try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT rowid AS row_number, * FROM contacts_master ORDER BY rowid")
                .map(\.description)
        }
    }

    func rows() throws -> [[String]] { try Self.names.map(rows) }

    /// Adds a record without a contact_id.
    ///
    /// - Returns: its row.
    @discardableResult
    func addUnlinked(
        _ name: String,
        emails: [String] = [],
        phones: [String] = [],
        updatedAt: String = "2024-01-01T00:00:00Z",
        in store: String
    ) throws -> Int64 {
        func list(_ members: [String]) -> String { "[\(members.map { "\"\($0)\"" }.joined(separator: ","))]" }
        let queue = try DatabaseQueue(path: path(store))
        defer { try? queue.close() }
        return try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO contacts_master (canonical_name, first_name, emails, phones, version, last_updated, updated_at)
                    VALUES (?, ?, ?, ?, 1, ?, ?)
                    """,
                arguments: [name, name, list(emails), list(phones), updatedAt, updatedAt]
            )
            return database.lastInsertedRowID
        }
    }

    /// Takes a contact's key away from its row, which has the contact's number.
    func loseKey(_ key: Int, in store: String) throws {
        try execute("UPDATE contacts_master SET contact_id = NULL WHERE contact_id = '\(key)'", in: store)
    }
}

extension RepairPlan {
    /// `store action contact` of each operation.
    var words: [String] { operations.map { "\($0.store) \($0.action.rawValue) \($0.contact)" } }
}
