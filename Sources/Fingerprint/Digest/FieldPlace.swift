/// Where a field's segment is in the canonical bytes of a record, and what its value was read as.
@usableFromInline
struct FieldPlace {
    @usableFromInline var start: UInt32
    @usableFromInline var textStart: UInt32
    @usableFromInline var end: UInt32
    @usableFromInline var reading: Reading

    @inline(__always)
    init(start: Int, textStart: Int, end: Int, reading: Reading) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.textStart = UInt32(truncatingIfNeeded: textStart)
        self.end = UInt32(truncatingIfNeeded: end)
        self.reading = reading
    }

    var whole: Range<Int> { Int(start)..<Int(end) }

    /// Without the comma.
    @inlinable var text: Range<Int> { Int(textStart)..<(Int(end) - 1) }
}
