/// The canonical bytes of one record and where each field's segment is in them. Reused from record to record.
struct RecordBytes: ~Copyable {
    private(set) var bytes = ByteBuffer(capacity: 4096)
    private var segments: UnsafeMutablePointer<Segment>
    private var primaries = ByteBuffer(capacity: 256)
    private let fieldCount: Int

    private struct Segment {
        var start = 0
        var textStart = 0
        var end = 0
        var reading = Reading.absent
        var primaryStart = 0
        var primaryEnd = 0
    }

    init(fieldCount: Int) {
        self.fieldCount = fieldCount
        segments = .allocate(capacity: max(fieldCount, 1))
        segments.initialize(repeating: Segment(), count: max(fieldCount, 1))
    }

    deinit { segments.deallocate() }

    mutating func removeAll() {
        bytes.count = 0
        primaries.count = 0
    }

    /// Appends field `index`: `-`, or the netstring of what `write` appends.
    ///
    /// - Parameter expected: a guess at the text's length, from which the room for the length's digits follows; a wrong
    ///   guess costs a move.
    @inline(__always)
    mutating func appendField(_ index: Int, expected: Int, _ write: (inout ByteBuffer) -> Reading) {
        let start = bytes.count
        let room = Decimal.width(UInt64(expected)) + 1
        bytes.reserve(room + 24)
        bytes.count = start + room
        let reading = write(&bytes)
        if reading == .absent {
            bytes.count = start
            bytes.append(UInt8(ascii: "-"))
            segments[index] = Segment(start: start, textStart: start + 1, end: start + 1, reading: .absent)
            return
        }
        let length = bytes.count - start - room
        let width = Decimal.width(UInt64(length)) + 1
        bytes.reserve(24)
        if width != room {
            UnsafeMutableRawPointer(bytes.base + start + width).copyMemory(
                from: bytes.base + start + room,
                byteCount: length
            )
            bytes.count = start + width + length
        }
        _ = Decimal.write(UInt64(length), to: bytes.base + start)
        bytes.base[start + width - 1] = UInt8(ascii: ":")
        bytes.append(UInt8(ascii: ","))
        segments[index] = Segment(start: start, textStart: start + width, end: bytes.count, reading: reading)
    }

    /// Keeps the text of a set's one member for field sets that compare by it.
    mutating func setPrimary(_ text: UnsafeRawBufferPointer, of index: Int) {
        segments[index].primaryStart = primaries.count
        primaries.append(text)
        segments[index].primaryEnd = primaries.count
    }

    func isAbsent(_ index: Int) -> Bool { segments[index].reading == .absent }
    func isInvalid(_ index: Int) -> Bool { segments[index].reading == .invalid }

    /// `-`, or the netstring.
    func segment(_ index: Int) -> UnsafeRawBufferPointer { bytes.bytes(segments[index].start..<segments[index].end) }

    /// The canonical text; empty where absent.
    func text(_ index: Int) -> UnsafeRawBufferPointer {
        let segment = segments[index]
        return segment.reading == .absent
            ? UnsafeRawBufferPointer(start: nil, count: 0) : bytes.bytes(segment.textStart..<(segment.end - 1))
    }

    func primary(_ index: Int) -> UnsafeRawBufferPointer {
        primaries.bytes(segments[index].primaryStart..<segments[index].primaryEnd)
    }

    /// The number that the canonical text is, where it is one.
    func number(_ index: Int) -> Int64? { Self.number(text(index)) }

    static func number(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard !text.isEmpty, text.count <= 20 else { return nil }
        let negative = text[0] == UInt8(ascii: "-")
        var value: Int64 = 0
        for byte in text.dropFirst(negative ? 1 : 0) {
            guard Bytes.isDigit(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, more) = product.subtractingReportingOverflow(Int64(byte - 0x30))
            if overflow || more { return nil }
            value = sum
        }
        if negative { return value }
        return value == .min ? nil : -value
    }
}
