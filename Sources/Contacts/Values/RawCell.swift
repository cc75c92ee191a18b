/// One value as a store handed it over, borrowed: its bytes are the store's and are valid only during the call that
/// passes the cell.
///
/// A plain struct with nothing to retain, since a scan makes tens of millions of them.
@frozen
package struct RawCell {
    @frozen
    package enum Kind: UInt8, Sendable {
        case null
        /// `number` is the value.
        case integer
        /// `number` is the bit pattern of a Double.
        case real
        /// `bytes` are text in whatever encoding the store held; UTF-8 is expected, not promised.
        case text
        case blob
        /// `bytes` are JSON text whose value this is: a JSON string here is a text, a JSON number a number.
        case json
        /// `members` are the rows or elements; `number` is the index of the primary one, or -1.
        case list
    }

    package var kind: Kind
    package var number: Int64
    package var start: UnsafeRawPointer?
    package var count: Int

    @inlinable @inline(__always)
    package init(kind: Kind, number: Int64 = 0, start: UnsafeRawPointer? = nil, count: Int = 0) {
        self.kind = kind
        self.number = number
        self.start = start
        self.count = count
    }

    @inlinable @inline(__always)
    package static var null: RawCell { RawCell(kind: .null) }

    @inlinable @inline(__always)
    package var real: Double { Double(bitPattern: UInt64(bitPattern: number)) }

    /// The bytes of a text, blob or JSON cell.
    @inlinable @inline(__always)
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// The members of a list cell.
    @inlinable @inline(__always)
    package var members: UnsafeBufferPointer<RawCell> {
        UnsafeBufferPointer(start: start?.assumingMemoryBound(to: RawCell.self), count: count)
    }
}
