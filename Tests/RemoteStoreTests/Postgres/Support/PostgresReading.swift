import Contacts
import Stores
import TestSupport
import Testing

/// A Postgres store read through.
struct PostgresReading: Sendable {
    let layout: StoreLayout
    /// In the order of their rows.
    let records: [ContactRecord]
    let proof: ReadProof

    /// A field's values, in the order of the rows; empty where the store does not hold it.
    func values(_ field: String) -> [RawValue] {
        layout.index(of: field).map { index in records.map { $0.values[index] } } ?? []
    }
}

/// Keeps what a scan passes; `before` is called ahead of each record.
private final class PostgresSink: RecordSink {
    private(set) var records: [ContactRecord] = []
    private let before: () throws -> Void

    init(_ before: @escaping () throws -> Void) { self.before = before }

    func receive(_ record: BorrowedRecord) throws {
        try before()
        records.append(ContactRecord(row: record.row, values: record.cells.map { RawValue(copying: $0) }))
    }

    func receiveUnreadable(_ row: RowID, reason: String) throws {}
}

extension PostgresStore {
    /// Runs `body` on a session that is closed afterwards.
    func reading<Result>(
        forFetches: Bool = false,
        _ body: (any StoreSession) async throws -> Result
    ) async throws -> Result {
        let session =
            forFetches ? try await openForFetches(notify: { _ in }) : try await open(notify: { _ in })
        do {
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }

    /// Reads and proves, the portions at the same time.
    ///
    /// - Parameter before: is called ahead of each record.
    func read(portions limit: Int = 1, before: @escaping @Sendable () throws -> Void = {}) async throws
        -> PostgresReading
    {
        try await reading { session in
            let portions = try await session.portions(limit: limit)
            let records = try await withThrowingTaskGroup(of: [ContactRecord].self) { group in
                for portion in portions {
                    group.addTask {
                        let sink = PostgresSink(before)
                        try await session.scan(portion, into: sink)
                        return sink.records
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            return PostgresReading(
                layout: session.layout,
                records: records.sorted { $0.row < $1.row },
                proof: try await session.prove()
            )
        }
    }

    /// The records of one request.
    func fetch(_ key: String, rows: [RowID] = [], isThorough: Bool = false) async throws -> [ContactRecord] {
        try await reading(forFetches: true) { session in
            try await session.fetch([RecordRequest(key: key, rows: rows, isThorough: isThorough)])[0]
        }
    }

    /// The error with which opening or reading ends; nil where it does not.
    func failure() async throws -> StoreError? {
        do {
            _ = try await read()
            return nil
        } catch let error as StoreError {
            #expect(!TestSecret.isIn("\(error)"))
            return error
        }
    }

    /// Runs `body` with a writer that is closed afterwards.
    func writing<Result>(_ body: (any StoreWriter) async throws -> Result) async throws -> Result {
        let writer = try await openForWriting(notify: { _ in })
        do {
            let result = try await body(writer)
            await writer.close()
            return result
        } catch {
            await writer.close()
            throw error
        }
    }

    /// Writes changes whatever stands there.
    func write(_ changes: [RecordChange]) async throws -> [WriteOutcome] {
        try await writing { try await $0.write(changes, decide: { _, _ in true }, journal: { _ in }) }
    }

    /// Carries out steps.
    func carryOut(_ lists: [[RowStep]]) async throws -> [WriteOutcome] {
        try await writing { try await $0.carryOut(lists) { _ in } }
    }
}

extension WriteOutcome {
    /// Nil where nothing was written.
    var postgresSteps: [RowStep]? { if case .written(let steps) = self { steps } else { nil } }
    /// Why it was refused; nil where it was not.
    var postgresRefusal: String? { if case .refused(let why) = self { why } else { nil } }
}

extension [WriteOutcome] {
    /// The steps that take all of it back.
    var postgresUndo: [[RowStep]] { compactMap(\.postgresSteps).reversed().map { $0.reversed().map(\.reversed) } }
}
