/// Live records that a fingerprint takes over from the scans of other stores, whose sums tell that they are the same.
///
/// A record that is taken over has its key and its digests, and neither row nor version nor time of change: these are no
/// part of what was summed, and may be others in its own store.
package struct TakenRecords: Sendable {
    /// A scan that records are taken from.
    package struct Source: Sendable {
        /// The scan of the other store.
        package let scan: StoreFingerprint
        /// Which of its field sets counts.
        package let scanSet: Int
        /// Which field set of the fingerprint that is; each at most once.
        package let ownSet: Int

        /// A source; the two field sets must be the same.
        package init(scan: StoreFingerprint, scanSet: Int, ownSet: Int) {
            self.scan = scan
            self.scanSet = scanSet
            self.ownSet = ownSet
        }
    }

    let target: StoreFingerprint
    /// At least one. All hold the same keys outside of `groups`, and as often.
    let sources: [Source]
    /// The groups whose records are not taken over.
    let groups: Set<UInt32>
    /// Bytes that the partitions in hand may take.
    let memory: Int
    /// Bytes in memory for each byte of a spool.
    private static let overhead = 2

    /// The live rows of one source's partition that are taken over, in order of key digest.
    private struct Side: ~Copyable {
        var bytes: ByteBuffer
        var slots: [SpoolSlot] = []
        let layout: SpoolLayout
        let set: Int

        func key(_ slot: SpoolSlot) -> UnsafeRawBufferPointer { layout.key(bytes.bytes, at: slot.offset) }
        func digest(_ slot: SpoolSlot) -> Digest128 { layout.digest(set, bytes.bytes, at: slot.offset) }
    }

    /// Takes the records over.
    ///
    /// - Returns: false where the sources do not hold the same keys; what was taken is then of no use.
    func take() throws -> Bool {
        var writer = SpoolWriter(file: target.file)
        // The leaves of one field set behind those of the other.
        let count = target.sets.count * MerkleTree.leafCount
        let sums = UnsafeMutablePointer<LeafSum>.allocate(capacity: count)
        defer { sums.deallocate() }
        sums.initialize(repeating: LeafSum(), count: count)
        var counts = StoreFingerprint.Counts()
        for partition in 0..<SpoolFile.partitionCount {
            try Task.checkCancellation()
            let size = sources.reduce(0) { $0 + $1.scan.file.count(of: partition) }
            let parts = max(1, (size * Self.overhead + memory - 1) / max(memory, 1))
            for part in 0..<parts {
                guard let taken = try take(partition, (part, parts), &writer, sums) else { return false }
                counts.rows += taken
                counts.records += taken
            }
        }
        try writer.finish()
        let all = target.sets.indices
            .map {
                UnsafeMutableBufferPointer(start: sums + $0 * MerkleTree.leafCount, count: MerkleTree.leafCount)
            }
        target.merge(all, counts)
        return true
    }

    /// Returns the records of a part of a partition; nil where the sources do not hold the same keys.
    private func take(
        _ partition: Int,
        _ part: (index: Int, count: Int),
        _ writer: inout SpoolWriter,
        _ sums: UnsafeMutablePointer<LeafSum>
    ) throws -> Int? {
        let first = try side(sources[0], partition, part)
        // By source behind the first, by row of the first: the digest of the same key.
        var others: [[Digest128]] = []
        for source in sources.dropFirst() {
            let side = try side(source, partition, part)
            guard let digests = Self.digests(of: side, for: first) else { return nil }
            others.append(digests)
        }
        let layout = target.spoolLayout
        var digests = [Digest128](repeating: Digest128(high: 0, low: 0), count: layout.digestCount)
        for (index, slot) in first.slots.enumerated() {
            let leaf = MerkleTree.leaf(of: slot.keyDigest)
            for (number, source) in sources.enumerated() {
                let digest = number == 0 ? first.digest(slot) : others[number - 1][index]
                digests[source.ownSet] = digest
                sums[source.ownSet * MerkleTree.leafCount + leaf].add(digest)
            }
            var head = RecordEncoder.Head()
            head.keyDigest = slot.keyDigest
            let key = first.key(slot)
            try writer.append(to: partition) { out in
                layout.append(head, row: nil, key: key, to: &out) { digests[$0] }
            }
        }
        return first.slots.count
    }

    private func side(_ source: Source, _ partition: Int, _ part: (index: Int, count: Int)) throws -> Side {
        var side = Side(
            bytes: ByteBuffer(capacity: 4096),
            layout: source.scan.spoolLayout,
            set: source.scanSet
        )
        let layout = side.layout
        var slots: [SpoolSlot] = []
        try source.scan.file.forEachBlock(of: partition, to: &side.bytes) { (buffer, start) throws in
            let end = buffer.count
            var offset = start
            buffer.count = start
            while offset < end {
                let block = UnsafeRawBufferPointer(start: buffer.base, count: end)
                let count = layout.count(block, at: offset)
                let keyDigest = layout.keyDigest(block, at: offset)
                if !layout.isDeleted(block, at: offset), !groups.contains(KeyGroup.group(of: keyDigest)),
                    SpoolPartition.part(of: keyDigest, count: part.count) == part.index
                {
                    slots.append(SpoolSlot(keyDigest: keyDigest, offset: buffer.count, rows: 1))
                    buffer.keep(offset..<(offset + count))
                }
                offset += count
            }
        }
        SpoolSlot.sort(&slots)
        // Rows of one key digest stand in order of their keys, so that all sources have them in one order.
        var start = 0
        while start < slots.count {
            var end = start + 1
            while end < slots.count, slots[end].keyDigest == slots[start].keyDigest { end += 1 }
            if end > start + 1 {
                let bytes = side.bytes.bytes
                slots[start..<end]
                    .sort {
                        layout.key(bytes, at: $0.offset).lexicographicallyPrecedes(layout.key(bytes, at: $1.offset))
                    }
            }
            start = end
        }
        side.slots = slots
        return side
    }

    /// The digests of a side's rows; nil where their keys are not those of the other side. Of several rows of one key it does
    /// not matter which goes with which: any of them speaks for the contact, and the other store has its equal.
    private static func digests(of side: borrowing Side, for other: borrowing Side) -> [Digest128]? {
        guard side.slots.count == other.slots.count else { return nil }
        var digests: [Digest128] = []
        digests.reserveCapacity(side.slots.count)
        for index in side.slots.indices {
            let (own, its) = (side.slots[index], other.slots[index])
            guard own.keyDigest == its.keyDigest, Bytes.equal(side.key(own), other.key(its)) else { return nil }
            digests.append(side.digest(own))
        }
        return digests
    }
}

extension StoreFingerprint {
    /// Takes over the live records that other scans hold outside of some groups; the fingerprint holds none of them yet. What
    /// may be relied on: where the sums of a group are equal over every field set, all sources hold the same keys there, each as
    /// often, with these digests.
    ///
    /// - Parameters:
    ///   - sources: at least one, each for another field set of this fingerprint. Digests over field sets that none is for are
    ///     without meaning.
    ///   - memory: bytes that may be taken for it.
    /// - Returns: false where the sources do not hold the same keys; the fingerprint is then of no use.
    /// - Throws: `SpoolError`, `CancellationError`.
    package func takeRecords(of sources: [TakenRecords.Source], except groups: Set<UInt32>, memory: Int) throws -> Bool
    {
        try TakenRecords(target: self, sources: sources, groups: groups, memory: memory).take()
    }
}
