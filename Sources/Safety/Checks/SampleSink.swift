import Contacts
import Fingerprint

/// Takes the first records of a scan and then ends it. Used by one task.
final class SampleSink: RecordSink {
    /// Ends the scan.
    struct Full: Error {}

    /// Rows that were seen, unreadable ones included.
    private(set) var rows = 0
    private(set) var unreadable = 0
    /// The first records that have a key: each by its key and its row.
    private(set) var requests: [RecordRequest] = []
    private let key: Int?
    private let kept: Int
    private let limit: Int

    /// - Parameters:
    ///   - kept: records that are asked for again.
    ///   - limit: rows that are let pass; the next ends the scan.
    init(layout: StoreLayout, keeping kept: Int, limit: Int) {
        key = layout.index(of: ContactSchema.Name.key)
        self.kept = kept
        self.limit = limit
    }

    func receive(_ record: BorrowedRecord) throws {
        try count()
        guard requests.count < kept, let key, let text = CanonicalKey.text(of: record.cells[key]) else { return }
        requests.append(RecordRequest(key: String(decoding: text, as: UTF8.self), rows: [record.row]))
    }

    func receiveUnreadable(_ row: RowID, reason: String) throws {
        try count()
        unreadable += 1
    }

    private func count() throws {
        guard rows < limit else { throw Full() }
        rows += 1
    }
}
