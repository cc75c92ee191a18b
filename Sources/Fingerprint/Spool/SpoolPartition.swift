package import Contacts

/// A partition of a store's spool in memory, each contact once, in order of key digest and key.
///
/// Where a key stands on several rows, one of them speaks for the contact; the others are counted and named.
package final class SpoolPartition {
    /// The most rows of one key that are named.
    package static let maximumNamedRows = 101

    /// The partition's records, one behind the other.
    private let records: ByteBuffer
    private let slots: UnsafeMutableBufferPointer<SpoolSlot>
    private let layout: SpoolLayout
    /// Rows of keys that stand on several, by the offset of the row that speaks for them.
    private let duplicates: [Int: [RowID]]

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
        let size = store.file.count(of: partition)
        var records = ByteBuffer(capacity: part.count == 1 ? size : size / part.count + 4096)
        var found: [SpoolSlot] = []
        found.reserveCapacity(size / (part.count * layout.headCount) + 16)
        try store.file.forEachBlock(of: partition, to: &records) { (records, start) throws in
            let end = records.count
            var offset = start
            records.count = start
            while offset < end {
                let block = UnsafeRawBufferPointer(start: records.base, count: end)
                let count = layout.count(block, at: offset)
                let keyDigest = layout.keyDigest(block, at: offset)
                if Self.part(of: keyDigest, count: part.count) == part.index {
                    found.append(SpoolSlot(keyDigest: keyDigest, offset: records.count, rows: 1))
                    records.keep(offset..<(offset + count))
                }
                offset += count
            }
        }
        SpoolSlot.sort(&found)
        var duplicates: [Int: [RowID]] = [:]
        let unique = Self.unique(found, records.bytes, layout, &duplicates, prefer)
        slots = .allocate(capacity: unique.count)
        _ = slots.initialize(from: unique)
        self.records = records
        self.duplicates = duplicates
    }

    deinit { slots.deallocate() }

    /// Which of `count` equal ranges a key digest of a partition belongs to.
    package static func part(of keyDigest: UInt64, count: Int) -> Int {
        guard count > 1 else { return 0 }
        return Int((((keyDigest >> 32) & 0xFF_FFFF) * UInt64(count)) >> 24)
    }

    /// The number of contacts; indices are below it.
    package var count: Int { slots.count }

    /// The contacts, valid as long as the partition is.
    package var contacts: SpoolContacts {
        SpoolContacts(slots: UnsafeBufferPointer(slots), records: records.base, headCount: layout.headCount)
    }

    /// The record of the row that speaks for a contact.
    package func entry(_ index: Int) -> SpoolEntry { layout.entry(records.bytes, at: slots[index].offset) }

    /// The rows of this key, the one that speaks for it first; at most `maximumNamedRows`. None where the contact was taken
    /// over from another store's scan.
    package func rows(_ index: Int) -> [RowID] {
        duplicates[slots[index].offset] ?? [layout.row(records.bytes, at: slots[index].offset)].compactMap { $0 }
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
            if Bytes.equal(layout.key(records.bytes, at: slots[low].offset), key) { return low }
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
        /// Nil for all rows of a key, or for none.
        var row: RowID?

        static func < (lhs: Rank, rhs: Rank) -> Bool {
            if lhs.isPreferred != rhs.isPreferred { return rhs.isPreferred }
            if lhs.isAlive != rhs.isAlive { return rhs.isAlive }
            if lhs.version != rhs.version { return lhs.version < rhs.version }
            if lhs.lastUpdated != rhs.lastUpdated { return lhs.lastUpdated < rhs.lastUpdated }
            guard let left = lhs.row, let right = rhs.row else { return false }
            return left > right
        }
    }

    /// One slot for each key, from slots in order of key digest.
    private static func unique(
        _ sorted: [SpoolSlot],
        _ bytes: UnsafeRawBufferPointer,
        _ layout: SpoolLayout,
        _ duplicates: inout [Int: [RowID]],
        _ prefer: (UInt64, UnsafeRawBufferPointer, Digest128) -> Bool
    ) -> [SpoolSlot] {
        var result: [SpoolSlot] = []
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
        _ slots: ArraySlice<SpoolSlot>,
        _ bytes: UnsafeRawBufferPointer,
        _ layout: SpoolLayout,
        _ duplicates: inout [Int: [RowID]],
        _ prefer: (UInt64, UnsafeRawBufferPointer, Digest128) -> Bool
    ) -> [SpoolSlot] {
        func rank(_ slot: SpoolSlot) -> Rank {
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
                // What is marked as deleted is no second contact: a store that only marks keeps every row that was merged.
                let alive = ranked.filter(\.rank.isAlive)
                guard alive.count > 1 else { return best.slot }
                let others = alive.compactMap(\.rank.row).filter { $0 != best.rank.row }.sorted()
                duplicates[best.slot.offset] = [best.rank.row].compactMap { $0 } + others.prefix(maximumNamedRows - 1)
                return SpoolSlot(keyDigest: best.slot.keyDigest, offset: best.slot.offset, rows: alive.count)
            }
    }
}
