/// A row of a partition that is in memory.
@usableFromInline
struct SpoolSlot {
    @usableFromInline var keyDigest: UInt64
    /// Where its record begins.
    @usableFromInline var offset: Int
    /// Rows with the same key; 1 where there is no other.
    @usableFromInline var rows: Int

    /// Puts slots in order of their key digests.
    ///
    /// The digests of a partition are spread evenly over a range, so that each slot's place is nearly known: they are
    /// dealt out over as many heaps as there are slots, and each heap, of one or two, is sorted by itself.
    static func sort(_ slots: inout [SpoolSlot]) {
        guard slots.count > 32, let low = slots.lazy.map(\.keyDigest).min(),
            let high = slots.lazy.map(\.keyDigest).max()
        else { return slots.sort { $0.keyDigest < $1.keyDigest } }
        // A power of two, at least as many as there are slots.
        let heaps = 1 << (Int.bitWidth - slots.count.leadingZeroBitCount)
        let shift = UInt64(max(0, UInt64.bitWidth - (high - low).leadingZeroBitCount - heaps.trailingZeroBitCount))
        // Where each heap begins, and, once all are dealt out, where it ends.
        var places = [Int](repeating: 0, count: heaps + 1)
        for slot in slots { places[Int((slot.keyDigest - low) >> shift) + 1] += 1 }
        for heap in 1...heaps { places[heap] += places[heap - 1] }
        slots = [SpoolSlot](unsafeUninitializedCapacity: slots.count) { sorted, count in
            count = slots.count
            for slot in slots {
                let heap = Int((slot.keyDigest - low) >> shift)
                sorted.initializeElement(at: places[heap], to: slot)
                places[heap] += 1
            }
            var start = 0
            for end in places.dropLast() {
                sort(UnsafeMutableBufferPointer(rebasing: sorted[start..<end]))
                start = end
            }
        }
    }

    /// Sorts a heap: by hand where there is little to do, as nearly always.
    @inline(__always)
    private static func sort(_ heap: UnsafeMutableBufferPointer<SpoolSlot>) {
        switch heap.count {
        case 0, 1: break
        case 2: if heap[0].keyDigest > heap[1].keyDigest { heap.swapAt(0, 1) }
        default:
            var heap = heap
            heap.sort { $0.keyDigest < $1.keyDigest }
        }
    }
}
