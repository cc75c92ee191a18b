/// Tells of digests which may have come twice, in a few bits for each: those that certainly have not need no further look.
struct RepeatMarks {
    /// By a part of the digest: one came, and another one.
    private var seen: [UInt64]
    private var repeated: [UInt64]
    private let mask: Int

    /// - Parameter expected: at most about so many digests; with more, fewer are told apart.
    init(expected: Int) {
        // Sixteen marks for each digest, so that one in sixteen at most is taken for another.
        let words = 1 << (Int.bitWidth - max(expected / 4, 1).leadingZeroBitCount)
        seen = Array(repeating: 0, count: words)
        repeated = seen
        mask = words * 64 - 1
    }

    /// Takes a digest in.
    @inline(__always)
    mutating func add(_ digest: UInt64) {
        let place = place(of: digest)
        let bit: UInt64 = 1 << UInt64(place & 63)
        repeated[place >> 6] |= seen[place >> 6] & bit
        seen[place >> 6] |= bit
    }

    /// False where a digest has come once only.
    @inline(__always)
    func mayRepeat(_ digest: UInt64) -> Bool {
        let place = place(of: digest)
        return repeated[place >> 6] >> UInt64(place & 63) & 1 == 1
    }

    @inline(__always)
    private func place(of digest: UInt64) -> Int { Int(truncatingIfNeeded: digest) & mask }
}
