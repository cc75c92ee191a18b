extension StoreFingerprint {
    /// Passes every damaged record of the scan to `body`, those of one key together, in order of key digest's first byte;
    /// none where no inspector was asked for.
    package func forEachDamaged(_ body: (_ key: [UInt8], _ damages: [FieldDamage]) throws -> Void) throws {
        guard let file = extras.damages else { return }
        for partition in 0..<SpoolFile.partitionCount where file.count(of: partition) > 0 {
            var buffer = ByteBuffer(capacity: 4096)
            var order: [[UInt8]] = []
            var byKey: [[UInt8]: [FieldDamage]] = [:]
            try file.forEachBlock(of: partition, to: &buffer) { (buffer, _) throws in
                for record in DamagedRecord.all(in: buffer.bytes) {
                    if byKey[record.key] == nil { order.append(record.key) }
                    byKey[record.key, default: []] += record.damages
                }
                buffer.count = 0
            }
            for key in order { try body(key, byKey[key] ?? []) }
        }
    }

    /// The e-mails and phones of a partition that several contacts have; none where they were not asked for.
    ///
    /// - Parameter partition: of the identifiers' digests, below `SpoolFile.partitionCount`.
    package func sharedIdentifiers(in partition: Int) throws -> [SharedIdentifier] {
        guard let file = extras.identifiers, file.count(of: partition) > 0 else { return [] }
        var buffer = ByteBuffer(capacity: file.count(of: partition))
        try file.forEachBlock(of: partition, to: &buffer) { (_, _) throws in }
        let bytes = buffer.bytes
        // Most are on one contact: a mark for each digest tells which may be on several.
        var marks = RepeatMarks(expected: bytes.count / IdentifierEntry.headCount)
        IdentifierEntry.forEach(in: bytes) { entry, _ in marks.add(entry.digest.high) }
        var slots: [SpoolSlot] = []
        IdentifierEntry.forEach(in: bytes) { entry, offset in
            guard marks.mayRepeat(entry.digest.high) else { return }
            slots.append(SpoolSlot(keyDigest: entry.digest.high, offset: offset, rows: 1))
        }
        SpoolSlot.sort(&slots)
        var shared: [SharedIdentifier] = []
        var start = 0
        while start < slots.count {
            var end = start + 1
            while end < slots.count, slots[end].keyDigest == slots[start].keyDigest { end += 1 }
            if end > start + 1 {
                shared += Self.groups(slots[start..<end].map { IdentifierEntry(bytes, at: $0.offset) })
            }
            start = end
        }
        return shared
    }

    /// Those of one half digest that two contacts and more have.
    private static func groups(_ entries: [IdentifierEntry]) -> [SharedIdentifier] {
        Dictionary(grouping: entries) { $0.digest }
            .compactMap { digest, entries in
                let keys = Set(entries.map { Array($0.key) })
                guard keys.count > 1, let first = entries.first else { return nil }
                return SharedIdentifier(digest: digest, isPhone: first.isPhone, keys: keys)
            }
    }
}
