import TestSupport
import Contacts
import Foundation

@testable import Fingerprint
@testable import Reconcile

/// Scans of canonical and of the stores that are compared with it.
struct Scan {
    let canonical: StoreFingerprint
    let stores: [StoreFingerprint]
    /// By compared store: which of canonical's field sets it shares.
    let canonicalSets: [Int]
    /// The rows of canonical and of each store, as the spools must hold them.
    let entries: [[SpoolEntry]]

    /// Scans rows of canonical and of each store, in two portions each.
    init(_ rows: [[ContactRow]], shapes: [StoreShape]) throws {
        let folder = try TemporaryFolder()
        let shared = StoreShape.allCases.filter { $0 == .whole || shapes.contains($0) }
        canonical = try Self.fingerprint(.whole, shared.map(\.fieldSet), folder)
        stores = try shapes.map { try Self.fingerprint($0, [$0.fieldSet], folder) }
        canonicalSets = shapes.map { shared.firstIndex(of: $0) ?? 0 }
        let digested = [shared] + shapes.map { [$0] }
        entries = zip(rows, digested).map { rows, shapes in rows.map { $0.entry(shapes) } }
        for (fingerprint, (rows, shape)) in zip([canonical] + stores, zip(rows, [.whole] + shapes)) {
            for portion in [rows.prefix(rows.count / 3), rows.dropFirst(rows.count / 3)] {
                let sink = fingerprint.makeSink { _ in }
                for row in portion {
                    try RawValue.withCells(shape.values(row)) {
                        try sink.receive(BorrowedRecord(row: row.id, cells: $0))
                    }
                }
                try sink.finish()
            }
        }
    }

    /// Takes records as they are, with digests that no hash function gives; all stores hold one field set.
    init(_ entries: [[SpoolEntry]]) throws {
        let folder = try TemporaryFolder()
        self.entries = entries
        canonical = try Self.fingerprint(.whole, [StoreShape.whole.fieldSet], folder)
        stores = try entries.dropFirst()
            .map { _ in try Self.fingerprint(.whole, [StoreShape.whole.fieldSet], folder) }
        canonicalSets = stores.map { _ in 0 }
        for (fingerprint, entries) in zip([canonical] + stores, entries) { try fingerprint.put(entries) }
    }

    private static func fingerprint(_ shape: StoreShape, _ sets: [FieldSet], _ folder: TemporaryFolder) throws
        -> StoreFingerprint
    {
        try StoreFingerprint(
            layout: shape.layout,
            sets: sets,
            scheme: .xxh3,
            phoneRegion: "US",
            folder: folder.url.path,
            now: 2_000_000_000_000_000
        )
    }

    /// The comparison of a run.
    func comparison(
        histories: [RollFile?],
        comparable: [Bool],
        now: Int64,
        retention: Int64,
        memory: Int
    ) -> StoreComparison {
        StoreComparison(
            canonical: canonical,
            stores: stores.indices.map { store in
                ComparedStore(
                    name: "store \(store)",
                    fingerprint: stores[store],
                    canonicalSet: canonicalSets[store],
                    history: histories[store],
                    isHistoryComparable: comparable[store]
                )
            },
            now: now,
            retention: retention,
            memory: memory
        )
    }
}

extension StoreFingerprint {
    /// Writes records to the spool and the tree of the one field set.
    fileprivate func put(_ entries: [SpoolEntry]) throws {
        var writer = SpoolWriter(file: file)
        var leaves = [LeafSum](repeating: LeafSum(), count: MerkleTree.leafCount)
        let layout = spoolLayout
        for entry in entries {
            let head = RecordEncoder.Head(
                keyDigest: entry.keyDigest,
                version: entry.version,
                lastUpdated: entry.lastUpdated,
                newestChange: entry.newestChange,
                isDeleted: entry.isDeleted
            )
            try writer.append(to: Int(entry.keyDigest >> 56)) { out in
                let key = UnsafeMutableRawBufferPointer.allocate(byteCount: entry.key.count, alignment: 1)
                defer { key.deallocate() }
                key.copyBytes(from: entry.key)
                layout.append(head, row: entry.row, key: UnsafeRawBufferPointer(key), to: &out) { entry.digests[$0] }
            }
            if !entry.isDeleted { leaves[MerkleTree.leaf(of: entry.keyDigest)].add(entry.digests[0]) }
        }
        try writer.finish()
        leaves.withUnsafeMutableBufferPointer { merge([$0], Counts()) }
    }
}
