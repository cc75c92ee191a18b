import Contacts
import Fingerprint
import Foundation

/// Roots over what records mean, for comparing a store's records with the contacts that it was given.
struct Meaning: Sendable {
    private let store: StoreLayout
    private let plain: StoreLayout
    private let shared: FieldSet

    /// - Parameter layout: the store's; only the fields that it holds are compared.
    init(_ layout: StoreLayout) {
        store = layout
        plain = StoreLayout(fields: layout.fields.map { FieldMapping($0.field) }, columns: [])
        shared = FieldSet(sharedBy: layout, plain)
    }

    func root(of records: [ContactRecord]) throws -> String { try root(of: records, store) }

    func root(of contacts: [LogicalContact]) throws -> String {
        let records = contacts.enumerated()
            .map { index, contact in
                ContactRecord(
                    row: .integer(Int64(index)),
                    values: plain.fields.map { contact[$0.field.name]?.raw ?? .null }
                )
            }
        return try root(of: records, plain)
    }

    private func root(of records: [ContactRecord], _ layout: StoreLayout) throws -> String {
        let folder = FileManager.default.temporaryDirectory.path + "/rollcall-meaning-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // What cannot be removed is the system's temporary folder to clear.
        defer { _ = try? FileManager.default.removeItem(atPath: folder) }
        let fingerprint = try StoreFingerprint(
            layout: layout,
            sets: [shared],
            scheme: .xxh3,
            phoneRegion: "US",
            folder: folder,
            now: 0
        )
        let sink = fingerprint.makeSink(progress: { _ in })
        for record in records {
            try RawValue.withCells(record.values) { try sink.receive(BorrowedRecord(row: record.row, cells: $0)) }
        }
        try sink.finish()
        try require(fingerprint.counts.unreadable == 0, "a record has no key that can be read")
        return fingerprint.root(0)
    }
}
