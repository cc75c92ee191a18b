/// The contacts of a partition in memory, in order of key digest and key, without a reference to it: walking over
/// millions of them retains nothing. Valid as long as the partition is.
public struct SpoolContacts {
    @usableFromInline let slots: UnsafeBufferPointer<SpoolSlot>
    @usableFromInline let records: UnsafePointer<UInt8>
    @usableFromInline let headCount: Int

    init(slots: UnsafeBufferPointer<SpoolSlot>, records: UnsafePointer<UInt8>, headCount: Int) {
        self.slots = slots
        self.records = records
        self.headCount = headCount
    }

    /// The number of contacts; indices are below it.
    @inlinable public var count: Int { slots.count }

    /// The digest of the key; it ascends with the index, and neighbours may share one.
    @inlinable
    public func keyDigest(_ index: Int) -> UInt64 { slots[index].keyDigest }

    /// How many rows have this key.
    @inlinable
    public func rowCount(_ index: Int) -> Int { slots[index].rows }

    /// Whether the contact stands on one row and none behind it has its key digest.
    @inlinable
    public func isAlone(_ index: Int) -> Bool {
        slots[index].rows == 1 && (index + 1 == slots.count || slots[index + 1].keyDigest != slots[index].keyDigest)
    }

    /// Whether the row that speaks for the contact is soft-deleted.
    @inlinable
    public func isDeleted(_ index: Int) -> Bool {
        records[slots[index].offset + SpoolLayout.Offset.flags] & SpoolLayout.deleted != 0
    }

    /// The version in the row that speaks for the contact; `Int64.min` where it has none.
    @inlinable
    public func version(_ index: Int) -> Int64 { load(index, SpoolLayout.Offset.version) }

    /// The record's digest over a field set of the scan.
    @inlinable
    public func digest(_ set: Int, _ index: Int) -> Digest128 {
        let start = SpoolLayout.Offset.digests + 16 * set
        return Digest128(high: load(index, start), low: load(index, start + 8))
    }

    /// The canonical text of the key.
    @inlinable
    public func key(_ index: Int) -> UnsafeRawBufferPointer {
        let count: UInt32 = load(index, SpoolLayout.Offset.keyCount)
        return UnsafeRawBufferPointer(start: records + slots[index].offset + headCount, count: Int(count))
    }

    /// Whether a contact has the key of one on another side.
    package func isSameKey(_ index: Int, _ other: SpoolContacts, _ otherIndex: Int) -> Bool {
        Bytes.equal(key(index), other.key(otherIndex))
    }

    @inlinable
    func load<Number: FixedWidthInteger>(_ index: Int, _ offset: Int) -> Number {
        UnsafeRawPointer(records + slots[index].offset + offset).loadUnaligned(as: Number.self)
    }
}
