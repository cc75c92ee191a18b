import CXXHash
package import Contacts

/// Fingerprints the records of one portion of a scan. Used by one task at a time.
package final class FingerprintSink: RecordSink {
    private var gathering: Gathering
    private let progress: (Int) -> Void
    /// Rows between two reports of progress.
    private static let stride = 4096

    init(
        encoder: consuming RecordEncoder,
        fingerprint: StoreFingerprint,
        gatherer: consuming RecordGatherer?,
        now: Int64,
        progress: @escaping (Int) -> Void
    ) {
        gathering = Gathering(encoder: encoder, fingerprint: fingerprint, gatherer: gatherer, now: now)
        self.progress = progress
    }

    package func receive(_ record: BorrowedRecord) throws { report(try gathering.receive(record)) }

    package func receiveUnreadable(_ row: RowID, reason: String) throws {
        report(try gathering.receiveUnreadable(row, reason: reason))
    }

    @inline(__always)
    private func report(_ rows: Int) {
        if rows & (Self.stride - 1) == 0 { progress(Self.stride) }
    }

    /// Hands over what was gathered. Without it the portion leaves no trace in the trees.
    package func finish() throws { progress(try gathering.finish() % Self.stride) }
}

/// What a sink gathers, in one value so that a record costs one access.
private struct Gathering: ~Copyable {
    private var encoder: RecordEncoder
    private var writer: SpoolWriter
    private var counts = StoreFingerprint.Counts()
    private let fingerprint: StoreFingerprint
    private let layout: SpoolLayout
    /// The leaves of one field set behind those of the other.
    private let sums: UnsafeMutablePointer<LeafSum>
    private let now: Int64
    private var gatherer: RecordGatherer?
    /// Made when the first record without a key is met: most stores have none.
    private var unlinked: SpoolWriter?

    init(
        encoder: consuming RecordEncoder,
        fingerprint: StoreFingerprint,
        gatherer: consuming RecordGatherer?,
        now: Int64
    ) {
        self.encoder = encoder
        self.gatherer = gatherer
        self.fingerprint = fingerprint
        self.now = now
        layout = fingerprint.spoolLayout
        writer = SpoolWriter(file: fingerprint.file)
        let count = layout.digestCount * MerkleTree.leafCount
        sums = .allocate(capacity: count)
        sums.initialize(repeating: LeafSum(), count: count)
    }

    deinit { sums.deallocate() }

    /// Returns the rows so far.
    @inline(__always)
    mutating func receive(_ record: BorrowedRecord) throws(SpoolError) -> Int {
        let layout = layout
        let sums = sums
        let outcome = encoder.encode(record.cells) { keyDigest in
            // They are far apart from those of the record before: fetched while the record is encoded.
            for index in 0..<layout.digestCount { rollcall_prefetch(Self.leaf(keyDigest, of: index, in: sums)) }
            writer.prefetch(Self.partition(of: keyDigest))
        }
        guard outcome == .record else { return try receiveWithoutKey(record, outcome) }
        let head = encoder.head
        counts.rows += 1
        if head.isDeleted {
            counts.deleted += 1
        } else {
            counts.records += 1
            if head.newestChange > counts.newestChange, head.newestChange <= now {
                counts.newestChange = head.newestChange
            }
        }
        let first = head.isDeleted ? Digest128(high: 0, low: 0) : encoder.digest(0)
        if gatherer != nil, !head.isDeleted {
            try gatherer?.gather(encoder.view(record.row, record.cells), keyDigest: head.keyDigest, digest: first)
        }
        try writer.append(to: Self.partition(of: head.keyDigest)) { out in
            layout.append(head, row: record.row, key: encoder.record.text(0), to: &out) { index in
                guard !head.isDeleted else { return Digest128(high: 0, low: 0) }
                let digest = index == 0 ? first : encoder.digest(index)
                Self.leaf(head.keyDigest, of: index, in: sums).pointee.add(digest)
                return digest
            }
        }
        return counts.rows
    }

    @inline(__always)
    private static func partition(of keyDigest: UInt64) -> Int { Int(keyDigest >> 56) }

    @inline(__always)
    private static func leaf(
        _ keyDigest: UInt64,
        of index: Int,
        in sums: UnsafeMutablePointer<LeafSum>
    ) -> UnsafeMutablePointer<LeafSum> {
        sums + (index * MerkleTree.leafCount + MerkleTree.leaf(of: keyDigest))
    }

    /// Returns the rows so far.
    @inline(never)
    private mutating func receiveWithoutKey(
        _ record: BorrowedRecord,
        _ outcome: RecordEncoder.Outcome
    ) throws(SpoolError) -> Int {
        guard outcome == .unlinked, let file = fingerprint.extras.unlinked else {
            return try receiveUnreadable(record.row, reason: "the row has no key that can be read")
        }
        counts.rows += 1
        if encoder.head.isDeleted {
            counts.deleted += 1
            return counts.rows
        }
        counts.unlinked += 1
        let identifiers = IdentifierFields(fingerprint.layout)
            .digests(of: encoder.view(record.row, record.cells), fingerprint.scheme)
        if unlinked == nil { unlinked = SpoolWriter(file: file) }
        let kept = UnlinkedRecord(row: record.row, identifiers: Set(identifiers.map(\.digest)))
        try unlinked?.append(to: SpoolFile.rest) { kept.append(to: &$0) }
        for (digest, isPhone) in identifiers {
            try unlinked?
                .append(to: Int(digest.high >> 56)) { out in
                    kept.rowBytes.withUnsafeBytes {
                        IdentifierEntry.append(digest, isPhone: isPhone, key: $0, to: &out)
                    }
                }
        }
        return counts.rows
    }

    /// Returns the rows so far.
    @inline(never)
    mutating func receiveUnreadable(_ row: RowID, reason: String) throws(SpoolError) -> Int {
        counts.rows += 1
        counts.unreadable += 1
        try writer.append(to: SpoolFile.rest) { UnreadableRow(row: row, reason: reason).append(to: &$0) }
        return counts.rows
    }

    /// Returns the rows.
    mutating func finish() throws(SpoolError) -> Int {
        try writer.finish()
        try gatherer?.finish()
        try unlinked?.finish()
        let all = (0..<layout.digestCount)
            .map {
                UnsafeMutableBufferPointer(start: sums + $0 * MerkleTree.leafCount, count: MerkleTree.leafCount)
            }
        fingerprint.merge(all, counts)
        return counts.rows
    }
}
