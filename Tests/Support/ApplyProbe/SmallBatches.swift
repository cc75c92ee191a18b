import Contacts

/// A store whose writers take few changes at a time, so that an apply has many places at which it can be interrupted.
struct SmallBatches: WritableStore {
    let store: any WritableStore
    let limit: Int

    var name: String { store.name }
    var kind: String { store.kind }
    var writeGuard: RepairProposal.Guard { store.writeGuard }

    func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        try await store.open(notify: notify)
    }

    func openForFetches(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        try await store.openForFetches(notify: notify)
    }

    func openForWriting(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreWriter {
        Writer(writer: try await store.openForWriting(notify: notify), batchLimit: limit)
    }

    private struct Writer: StoreWriter {
        let writer: any StoreWriter
        let batchLimit: Int

        var layout: StoreLayout { writer.layout }

        func write(
            _ changes: [RecordChange],
            decide: (_ change: Int, _ records: [ContactRecord]) throws -> Bool,
            journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
        ) async throws -> [WriteOutcome] {
            try await writer.write(changes, decide: decide, journal: journal)
        }

        func carryOut(
            _ lists: [[RowStep]],
            journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
        ) async throws -> [WriteOutcome] {
            try await writer.carryOut(lists, journal: journal)
        }

        func close() async { await writer.close() }
    }
}
