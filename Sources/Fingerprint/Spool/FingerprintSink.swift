package import Contacts

/// Fingerprints the records of one portion of a scan. Used by one task at a time.
package final class FingerprintSink: RecordSink {
    private var encoder: RecordEncoder
    private var writer: SpoolWriter
    private var counts = StoreFingerprint.Counts()
    private let fingerprint: StoreFingerprint
    private let layout: SpoolLayout
    private let sums: [UnsafeMutableBufferPointer<LeafSum>]
    private let now: Int64
    private let progress: (Int) -> Void
    /// Rows between two reports of progress.
    private static let stride = 4096

    init(
        encoder: consuming RecordEncoder,
        fingerprint: StoreFingerprint,
        now: Int64,
        progress: @escaping (Int) -> Void
    ) {
        self.encoder = encoder
        self.fingerprint = fingerprint
        self.now = now
        self.progress = progress
        layout = fingerprint.spoolLayout
        writer = SpoolWriter(file: fingerprint.file)
        sums = fingerprint.sets.map { _ in
            let leaves = UnsafeMutableBufferPointer<LeafSum>.allocate(capacity: MerkleTree.leafCount)
            leaves.initialize(repeating: LeafSum())
            return leaves
        }
    }

    deinit { sums.forEach { $0.deallocate() } }

    package func receive(_ record: BorrowedRecord) throws {
        guard encoder.encode(record.cells) == .record else {
            return try receiveUnreadable(record.row, reason: "the row has no key that can be read")
        }
        let head = encoder.head
        counts.rows += 1
        if counts.rows % Self.stride == 0 { progress(Self.stride) }
        if head.isDeleted {
            counts.deleted += 1
        } else {
            counts.records += 1
            if head.newestChange > counts.newestChange, head.newestChange <= now {
                counts.newestChange = head.newestChange
            }
        }
        try writer.append(to: Int(head.keyDigest >> 56)) { out in
            layout.append(head, row: record.row, key: encoder.record.text(0), to: &out) { index in
                guard !head.isDeleted else { return Digest128(high: 0, low: 0) }
                let digest = encoder.digest(index)
                sums[index][MerkleTree.leaf(of: head.keyDigest)].add(digest)
                return digest
            }
        }
    }

    package func receiveUnreadable(_ row: RowID, reason: String) throws {
        counts.rows += 1
        counts.unreadable += 1
        try writer.append(to: SpoolFile.unreadable) { UnreadableRow(row: row, reason: reason).append(to: &$0) }
    }

    /// Hands over what was gathered. Without it the portion leaves no trace in the trees.
    package func finish() throws {
        try writer.finish()
        fingerprint.merge(sums, counts)
        progress(counts.rows % Self.stride)
    }
}
