import Contacts
import Synchronization

/// Keeps what a scan passes.
final class KeepingSink: RecordSink {
    private(set) var records: [ContactRecord] = []
    private(set) var unreadable: [RowID] = []

    func receive(_ record: BorrowedRecord) throws {
        records.append(ContactRecord(row: record.row, values: record.cells.map { RawValue(copying: $0) }))
    }

    func receiveUnreadable(_ row: RowID, reason: String) throws { unreadable.append(row) }
}

/// Refuses the first record.
final class RefusingSink: RecordSink {
    struct Refusal: Error {}

    func receive(_ record: BorrowedRecord) throws { throw Refusal() }
    func receiveUnreadable(_ row: RowID, reason: String) throws { throw Refusal() }
}

extension StoreSession {
    /// Every record, the portions scanned at the same time.
    func all(portions limit: Int) async throws -> [ContactRecord] {
        let portions = try await portions(limit: limit)
        try require((1...limit).contains(portions.count), "asked for \(limit) portions, it made \(portions.count)")
        return try await withThrowingTaskGroup(of: [ContactRecord].self) { group in
            for portion in portions {
                group.addTask {
                    let sink = KeepingSink()
                    try await scan(portion, into: sink)
                    try require(sink.unreadable.isEmpty, "rows were called unreadable: \(sink.unreadable)")
                    return sink.records
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}

extension ContactStore {
    /// Runs `body` on a session that is closed afterwards, whatever happens.
    func session<Result>(_ body: (any StoreSession) async throws -> Result) async throws -> Result {
        let session = try await open(notify: { _ in })
        do {
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }
}
