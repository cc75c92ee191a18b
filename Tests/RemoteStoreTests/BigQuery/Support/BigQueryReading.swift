import Contacts
import Fingerprint
import Stores
import TestSupport
import Testing

/// Keeps what a scan passes.
final class KeepingRecords: RecordSink {
    private(set) var records: [ContactRecord] = []

    func receive(_ record: BorrowedRecord) throws {
        records.append(ContactRecord(row: record.row, values: record.cells.map { RawValue(copying: $0) }))
    }

    func receiveUnreadable(_ row: RowID, reason: String) throws {}
}

extension ContactStore {
    /// Runs `body` on a session that is closed afterwards.
    func withSession<Result>(_ body: (any StoreSession) async throws -> Result) async throws -> Result {
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

    /// All records, and the proof.
    func everything() async throws -> (records: [ContactRecord], proof: ReadProof, layout: StoreLayout) {
        try await withSession { session in
            let sink = KeepingRecords()
            for portion in try await session.portions(limit: 1) { try await session.scan(portion, into: sink) }
            return (sink.records, try await session.prove(), session.layout)
        }
    }

    /// The code and the message of the error that `body` throws.
    func refusal(_ body: (any StoreSession) async throws -> Void) async throws -> StoreError? {
        do {
            try await withSession(body)
            return nil
        } catch let error as StoreError {
            #expect(!TestSecret.isIn("\(error)"))
            return error
        }
    }
}

extension StoreSession {
    /// Reads the whole store and proves it.
    func readWhole() async throws -> ReadProof {
        let sink = KeepingRecords()
        for portion in try await portions(limit: 1) { try await scan(portion, into: sink) }
        return try await prove()
    }
}
