import TestSupport
import Foundation
import Contacts

@testable import Fingerprint

/// A store's fingerprint, filled from rows as a scan fills it.
final class SpoolScan {
    struct Row {
        let id: RowID
        let values: [RawValue]

        init(_ id: RowID, _ values: [RawValue]) {
            self.id = id
            self.values = values
        }
    }

    static let now: Int64 = 2_000_000_000_000_000

    let fingerprint: StoreFingerprint
    private let folder: TemporaryFolder

    init(_ fields: [FieldMapping], sets: [FieldSet]? = nil, scheme: HashScheme = .xxh3, _ folder: TemporaryFolder)
        throws
    {
        self.folder = folder
        let layout = StoreLayout(fields: fields, columns: [])
        fingerprint = try StoreFingerprint(
            layout: layout,
            sets: sets ?? [FieldSet(of: layout)],
            scheme: scheme,
            phoneRegion: "US",
            folder: folder.url.path,
            now: Self.now
        )
    }

    static func fields(_ types: KeyValuePairs<String, FieldType>, role: FieldDefinition.Role = .compared)
        -> [FieldMapping]
    {
        types.map { FieldMapping(FieldDefinition($0.key, $0.value, group: "tests", role: role)) }
    }

    /// Passes the rows to a sink of their own, and finishes it.
    func receive(_ rows: [Row]) throws {
        let sink = fingerprint.makeSink { _ in }
        for row in rows { try Self.pass(row, to: sink) }
        try sink.finish()
    }

    static func pass(_ row: Row, to sink: FingerprintSink) throws {
        try RawValue.withCells(row.values) { try sink.receive(BorrowedRecord(row: row.id, cells: $0)) }
    }
}
