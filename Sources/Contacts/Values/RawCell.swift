/// One value as a store handed it over, borrowed: its bytes are the store's and are valid only during the call that
/// passes the cell.
///
/// A plain struct with nothing to retain, since a scan makes tens of millions of them.
public struct RawCell {
    /// What a cell holds. In this order: from `text` on, `start` and `count` have a meaning.
    public enum Kind: UInt8, Sendable {
        case null
        /// `number` is the value.
        case integer
        /// `number` is the bit pattern of a Double.
        case real
        /// `bytes` are text in whatever encoding the store held; UTF-8 is expected, not promised.
        case text
        /// `bytes` are the value.
        case blob
        /// `bytes` are JSON text whose value this is: a JSON string here is a text, a JSON number a number.
        case json
        /// `members` are the rows or elements; `number` is the index of the primary one, or -1.
        case list
    }

    /// Which of the other properties have a meaning.
    public var kind: Kind
    /// The value of an integer, the bits of a real, the primary member of a list; else 0.
    public var number: Int64
    /// The first byte, or the first member; nil where there is none.
    public var start: UnsafeRawPointer?
    /// The number of bytes, or of members.
    public var count: Int

    /// A cell over memory that outlives its use; nothing is copied or checked.
    @inlinable @inline(__always)
    public init(kind: Kind, number: Int64 = 0, start: UnsafeRawPointer? = nil, count: Int = 0) {
        self.kind = kind
        self.number = number
        self.start = start
        self.count = count
    }

    /// The cell of an absent value.
    @inlinable @inline(__always)
    public static var null: RawCell { RawCell(kind: .null) }

    /// The value of a real cell.
    @inlinable @inline(__always)
    public var real: Double { Double(bitPattern: UInt64(bitPattern: number)) }

    /// The bytes of a text, blob or JSON cell.
    @inlinable @inline(__always)
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// The members of a list cell.
    @inlinable @inline(__always)
    public var members: UnsafeBufferPointer<RawCell> {
        UnsafeBufferPointer(start: start?.assumingMemoryBound(to: RawCell.self), count: count)
    }
}
