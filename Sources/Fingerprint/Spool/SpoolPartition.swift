package import Contacts

/// A partition of a store's spool in memory, each contact once, in order of key digest and key.
///
/// Where a key stands on several rows, one of them speaks for the contact; the others are counted and named.
package final class SpoolPartition {
    /// A row of the partition.
    fileprivate struct Slot {
        var keyDigest: UInt64
        var offset: Int
        /// Rows with the same key; 1 where there is no other.
        var rows: Int
    }

    /// The most rows of one key that are named.
    package static let maximumNamedRows = 101

    private let bytes: [UInt8]
    private let layout: SpoolLayout
    private var slots: [Slot] = []
    /// Rows of keys that stand on several, by the offset of the row that speaks for them.
    private var duplicates: [Int: [RowID]] = [:]

    /// Reads a partition.
    ///
    /// - Parameters:
    ///   - part: which of how many equal ranges of the partition's key digests; a partition too large for memory is
    ///     read in parts.
    ///   - prefer: tells whether a row is to speak for its key before others, whatever their version.
    package init(
        _ partition: Int,
        part: (index: Int, count: Int) = (0, 1),
        of store: StoreFingerprint,
        prefer: (_ keyDigest: UInt64, _ key: UnsafeRawBufferPointer, _ digest: Digest128) -> Bool = { _, _, _ in false }
    ) throws {
        layout = store.spoolLayout
        let layout = layout
        var gathered: [UInt8] = []
        if part.count == 1 { gathered.reserveCapacity(store.file.count(of: partition)) }
        var found: [Slot] = []
        var buffer: [UInt8] = []
        try store.file.forEachBlock(of: partition, &buffer) { (block) throws in
            var offset = 0
            while offset < block.count {
                let count = layout.count(block, at: offset)
                let keyDigest = layout.keyDigest(block, at: offset)
                if Self.part(of: keyDigest, count: part.count) == part.index {
                    found.append(Slot(keyDigest: keyDigest, offset: gathered.count, rows: 1))
                    gathered.append(contentsOf: block[offset..<(offset + count)])
                }
                offset += count
            }
        }
        bytes = gathered
        found.sort { $0.keyDigest < $1.keyDigest }
        slots = gathered.withUnsafeBytes { Self.unique(found, $0, layout, &duplicates, prefer) }
    }

    /// Which of `count` equal ranges a key digest of a partition belongs to.
    package static func part(of keyDigest: UInt64, count: Int) -> Int {
        guard count > 1 else { return 0 }
        return Int((((keyDigest >> 32) & 0xFF_FFFF) * UInt64(count)) >> 24)
    }

    package var count: Int { slots.count }

    package func keyDigest(_ index: Int) -> UInt64 { slots[index].keyDigest }
    package func isDeleted(_ index: Int) -> Bool {
        bytes.withUnsafeBytes { layout.isDeleted($0, at: slots[index].offset) }
    }
    package func version(_ index: Int) -> Int64 {
        bytes.withUnsafeBytes { layout.number(8, $0, at: slots[index].offset) }
    }
    package func entry(_ index: Int) -> SpoolEntry {
        bytes.withUnsafeBytes { layout.entry($0, at: slots[index].offset) }
    }

    package func digest(_ set: Int, _ index: Int) -> Digest128 {
        bytes.withUnsafeBytes { layout.digest(set, $0, at: slots[index].offset) }
    }

    /// How many rows have this key.
    package func rowCount(_ index: Int) -> Int { slots[index].rows }

    /// The rows of this key, the one that speaks for it first; at most `maximumNamedRows`.
    package func rows(_ index: Int) -> [RowID] {
        duplicates[slots[index].offset] ?? [bytes.withUnsafeBytes { layout.row($0, at: slots[index].offset) }]
    }

    /// The key's canonical text.
    package func withKey<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { try body(layout.key($0, at: slots[index].offset)) }
    }

    /// The contact with that key, by binary search; nil where there is none.
    package func index(of keyDigest: UInt64, key: UnsafeRawBufferPointer) -> Int? {
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].keyDigest < keyDigest { low = middle + 1 } else { high = middle }
        }
        while low < slots.count, slots[low].keyDigest == keyDigest {
            if withKey(low, { Bytes.equal($0, key) }) { return low }
            low += 1
        }
        return nil
    }
}

extension SpoolPartition {
    /// The order of rows that have one key: preferred ones, then not deleted, higher version, later change, lower row.
    private struct Rank: Comparable {
        var isPreferred: Bool
        var isAlive: Bool
        var version: Int64
        var lastUpdated: Int64
        var row: RowID

        static func < (lhs: Rank, rhs: Rank) -> Bool {
            if lhs.isPreferred != rhs.isPreferred { return rhs.isPreferred }
            if lhs.isAlive != rhs.isAlive { return rhs.isAlive }
            if lhs.version != rhs.version { return lhs.version < rhs.version }
            if lhs.lastUpdated != rhs.lastUpdated { return lhs.lastUpdated < rhs.lastUpdated }
            return lhs.row > rhs.row
        }
    }

    /// One slot for each key, from slots in order of key digest.
    private static func unique(
        _ sorted: [Slot],
        _ bytes: UnsafeRawBufferPointer,
        _ layout: SpoolLayout,
        _ duplicates: inout [Int: [RowID]],
        _ prefer: (UInt64, UnsafeRawBufferPointer, Digest128) -> Bool
    ) -> [Slot] {
        var result: [Slot] = []
        result.reserveCapacity(sorted.count)
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end].keyDigest == sorted[start].keyDigest { end += 1 }
            if end == start + 1 {
                result.append(sorted[start])
            } else {
                result += merge(sorted[start..<end], bytes, layout, &duplicates, prefer)
            }
            start = end
        }
        return result
    }

    /// One slot for each key among slots of one key digest, in order of key.
    private static func merge(
        _ slots: ArraySlice<Slot>,
        _ bytes: UnsafeRawBufferPointer,
        _ layout: SpoolLayout,
        _ duplicates: inout [Int: [RowID]],
        _ prefer: (UInt64, UnsafeRawBufferPointer, Digest128) -> Bool
    ) -> [Slot] {
        func rank(_ slot: Slot) -> Rank {
            let isDeleted = layout.isDeleted(bytes, at: slot.offset)
            return Rank(
                isPreferred: !isDeleted && layout.digestCount > 0
                    && prefer(
                        slot.keyDigest,
                        layout.key(bytes, at: slot.offset),
                        layout.digest(0, bytes, at: slot.offset)
                    ),
                isAlive: !isDeleted,
                version: layout.number(8, bytes, at: slot.offset),
                lastUpdated: layout.number(16, bytes, at: slot.offset),
                row: layout.row(bytes, at: slot.offset)
            )
        }
        let groups = Dictionary(grouping: slots) { Array(layout.key(bytes, at: $0.offset)) }
        return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { _, rows in
                guard rows.count > 1 else { return rows[0] }
                let ranked = rows.map { (slot: $0, rank: rank($0)) }
                let best = ranked.max { $0.rank < $1.rank } ?? ranked[0]
                let others = ranked.map(\.rank.row).filter { $0 != best.rank.row }.sorted().prefix(maximumNamedRows - 1)
                duplicates[best.slot.offset] = [best.rank.row] + others
                return Slot(keyDigest: best.slot.keyDigest, offset: best.slot.offset, rows: rows.count)
            }
    }
}
