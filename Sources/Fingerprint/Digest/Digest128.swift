/// The digest of a record's canonical bytes: 128 bits, most significant first.
public struct Digest128: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first 8 bytes, big-endian.
    public var high: UInt64
    /// The last 8 bytes, big-endian.
    public var low: UInt64

    /// The digest of these two halves.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Four big-endian lanes of 32 bits.
    @inline(__always)
    var lanes: (UInt64, UInt64, UInt64, UInt64) { (high >> 32, high & 0xFFFF_FFFF, low >> 32, low & 0xFFFF_FFFF) }

    /// Whether both halves are equal.
    @inlinable
    public static func == (lhs: Digest128, rhs: Digest128) -> Bool { lhs.high == rhs.high && lhs.low == rhs.low }

    /// The order of the canonical bytes.
    @inlinable
    public static func < (lhs: Digest128, rhs: Digest128) -> Bool { (lhs.high, lhs.low) < (rhs.high, rhs.low) }

    /// 32 hexadecimal digits.
    public var description: String { hexadecimal(high) + hexadecimal(low) }

    private func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
