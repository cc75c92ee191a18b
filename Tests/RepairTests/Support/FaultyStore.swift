import Contacts
import Synchronization

/// A store whose writers take few changes at a time and fail at one batch, as a process that ends there would leave it.
struct FaultyStore: WritableStore {
    /// Where a batch fails.
    enum Fault: Sendable, CaseIterable {
        /// Its steps are in the journal; the store is not written.
        case journalled
        /// The store is written; the journal does not say so.
        case written
    }

    /// Counts the batches of all stores.
    final class Fuse: Sendable {
        private let left: Mutex<Int>

        /// - Parameter batch: the batch that fails, from 0.
        init(batch: Int) { left = Mutex(batch) }

        /// Whether this batch fails; told once for each.
        func burns() -> Bool {
            left.withLock { left in
                left -= 1
                return left == -1
            }
        }
    }

    let store: any WritableStore
    let limit: Int
    var fault: Fault?
    var fuse = Fuse(batch: .max)
    /// Whether it says that it writes every row by itself.
    var isWindow = false

    var name: String { store.name }
    var kind: String { store.kind }
    var writeGuard: RepairProposal.Guard { isWindow ? .window : store.writeGuard }

    func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        try await store.open(notify: notify)
    }

    func openForFetches(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        try await store.openForFetches(notify: notify)
    }

    func openForWriting(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreWriter {
        Writer(writer: try await store.openForWriting(notify: notify), faulty: self)
    }

    private struct Writer: StoreWriter {
        let writer: any StoreWriter
        let faulty: FaultyStore

        var layout: StoreLayout { writer.layout }
        var batchLimit: Int { faulty.limit }

        func write(
            _ changes: [RecordChange],
            decide: (_ change: Int, _ records: [ContactRecord]) throws -> Bool,
            journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
        ) async throws -> [WriteOutcome] {
            let burns = faulty.fuse.burns()
            let outcomes = try await writer.write(changes, decide: decide) { steps in
                try journal(steps)
                if burns, faulty.fault == .journalled { throw error }
            }
            if burns, faulty.fault == .written { throw error }
            return outcomes
        }

        func carryOut(
            _ lists: [[RowStep]],
            journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
        ) async throws -> [WriteOutcome] {
            let burns = faulty.fuse.burns()
            let outcomes = try await writer.carryOut(lists) { steps in
                try journal(steps)
                if burns, faulty.fault == .journalled { throw error }
            }
            if burns, faulty.fault == .written { throw error }
            return outcomes
        }

        func close() async { await writer.close() }

        private var error: StoreError {
            StoreError(.full, store: faulty.name, operation: "write", message: "there is no room.")
        }
    }
}
