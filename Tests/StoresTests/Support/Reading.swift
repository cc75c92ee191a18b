import Contacts
import Foundation

/// Keeps what a scan passes; `before` is called ahead of each record.
final class CollectingSink: RecordSink {
    private(set) var records: [ContactRecord] = []
    private let before: () throws -> Void

    init(before: @escaping () throws -> Void = {}) { self.before = before }

    func receive(_ record: BorrowedRecord) throws {
        try before()
        records.append(ContactRecord(row: record.row, values: record.cells.map { RawValue(copying: $0) }))
    }

    func receiveUnreadable(_ row: RowID, reason: String) throws {}
}

/// A store read through.
struct Reading: Sendable {
    let layout: StoreLayout
    /// In the order of their rows.
    let records: [ContactRecord]
    let proof: ReadProof

    /// A field's values, in the order of the rows; empty where the store does not hold it.
    func values(_ field: String) -> [RawValue] {
        layout.index(of: field).map { index in records.map { $0.values[index] } } ?? []
    }

    func mapping(_ field: String) -> FieldMapping? { layout.fields.first { $0.field.name == field } }

    func reason(_ field: String) -> String? { layout.notCompared.first { $0.field == field }?.reason }
}

extension StoreSession {
    /// Reads and proves, the portions at the same time.
    func readAll(portions limit: Int = 1) async throws -> Reading {
        let portions = try await portions(limit: limit)
        let records = try await withThrowingTaskGroup(of: [ContactRecord].self) { group in
            for portion in portions {
                group.addTask {
                    let sink = CollectingSink()
                    try await scan(portion, into: sink)
                    return sink.records
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return Reading(layout: layout, records: records.sorted { $0.row < $1.row }, proof: try await prove())
    }

    /// The records of one request.
    func fetch(_ key: String, rows: [RowID] = []) async throws -> [ContactRecord] {
        try await fetch([RecordRequest(key: key, rows: rows)])[0]
    }
}

extension ContactStore {
    /// Runs `body` on a session that is closed afterwards.
    func session<Result>(
        notify: @escaping @Sendable (String) -> Void = { _ in },
        _ body: (any StoreSession) async throws -> Result
    ) async throws -> Result {
        let session = try await open(notify: notify)
        do {
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }

    func read(portions: Int = 1) async throws -> Reading {
        try await session { try await $0.readAll(portions: portions) }
    }

    /// The error with which opening or reading ends; nil where it does not.
    func failure() async throws -> StoreError? {
        do {
            _ = try await read()
            return nil
        } catch let error as StoreError {
            return error
        }
    }
}
