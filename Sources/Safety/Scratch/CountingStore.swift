import Contacts
import Synchronization

/// How many rows were written.
final class WriteCounter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    fileprivate func add(_ rows: Int) { count.withLock { $0 += rows } }
}

/// A store that counts the rows that its writers write.
struct CountingStore: WritableStore {
    let store: any WritableStore
    let counter: WriteCounter

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
        Writer(writer: try await store.openForWriting(notify: notify), counter: counter)
    }

    private struct Writer: StoreWriter {
        let writer: any StoreWriter
        let counter: WriteCounter

        var layout: StoreLayout { writer.layout }
        var batchLimit: Int { writer.batchLimit }

        func write(
            _ changes: [RecordChange],
            decide: (_ change: Int, _ records: [ContactRecord]) throws -> Bool,
            journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
        ) async throws -> [WriteOutcome] {
            counted(try await writer.write(changes, decide: decide, journal: journal))
        }

        func carryOut(
            _ lists: [[RowStep]],
            journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
        ) async throws -> [WriteOutcome] {
            counted(try await writer.carryOut(lists, journal: journal))
        }

        func close() async { await writer.close() }

        private func counted(_ outcomes: [WriteOutcome]) -> [WriteOutcome] {
            for case .written(let steps) in outcomes { counter.add(steps.count) }
            return outcomes
        }
    }
}
