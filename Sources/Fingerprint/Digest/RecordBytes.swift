import CXXHash

/// The canonical bytes of one record and where each field's segment is in them. Reused from record to record.
struct RecordBytes: ~Copyable {
    private(set) var bytes = ByteBuffer(capacity: 4096)
    /// Whether a field cannot be read as its type.
    private(set) var hasInvalid = false
    private var segments: UnsafeMutablePointer<FieldPlace>
    private var primaries = ByteBuffer(capacity: 256)
    private var primaryRanges: [Range<Int>]
    /// By a text's length below 1,000: the digits and the colon of its netstring, as they lie in memory.
    private let prefixes: UnsafeMutablePointer<UInt32>
    private static let prefixCount = 1_000

    init(fieldCount: Int) {
        primaryRanges = Array(repeating: 0..<0, count: fieldCount)
        prefixes = .allocate(capacity: Self.prefixCount)
        for length in 0..<Self.prefixCount {
            let bytes = Array("\(length):".utf8) + [0, 0]
            (prefixes + length).initialize(to: bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
        }
        segments = .allocate(capacity: max(fieldCount, 1))
        segments.initialize(
            repeating: FieldPlace(start: 0, textStart: 0, end: 0, reading: .absent),
            count: max(fieldCount, 1)
        )
    }

    deinit {
        segments.deallocate()
        prefixes.deallocate()
    }

    mutating func removeAll() {
        bytes.count = 0
        hasInvalid = false
        primaries.count = 0
    }

    /// Appends field `index` as absent.
    @inline(__always)
    mutating func appendAbsent(_ index: Int) {
        let start = bytes.count
        bytes.append(UInt8(ascii: "-"))
        segments[index] = FieldPlace(start: start, textStart: start &+ 1, end: start &+ 1, reading: .absent)
    }

    /// Appends field `index` as text that is its own canonical text; appends nothing and returns false for text that is
    /// not certainly so: empty, of 100 bytes and more, not ASCII, with CR.
    @inline(__always)
    mutating func appendPlainText(_ index: Int, _ source: UnsafeRawPointer, count: Int) -> Bool {
        guard count > 0, count < 100 else { return false }
        bytes.reserve(120)
        let start = bytes.count
        let target = bytes.base + start
        UnsafeMutableRawPointer(target).storeBytes(of: prefixes[count], as: UInt32.self)
        let prefix = count < 10 ? 2 : 3
        guard rollcall_copy_plain_text(target + prefix, source, count) != 0 else { return false }
        target[prefix + count] = UInt8(ascii: ",")
        let end = start &+ prefix &+ count &+ 1
        bytes.count = end
        segments[index] = FieldPlace(start: start, textStart: start &+ prefix, end: end, reading: .value)
        return true
    }

    /// Appends field `index`: `-`, or the netstring of what `write` appends.
    ///
    /// - Parameter expected: a guess at the text's length, from which the room for the length's digits follows; a wrong
    ///   guess costs a move.
    @inline(__always)
    mutating func appendField(_ index: Int, expected: Int, _ write: (inout ByteBuffer) -> Reading) {
        let start = bytes.count
        let room = Decimal.width(UInt64(truncatingIfNeeded: expected)) &+ 1
        bytes.reserve(room &+ 24)
        bytes.count = start &+ room
        let reading = write(&bytes)
        if reading == .absent {
            bytes.count = start
            return appendAbsent(index)
        }
        if reading == .invalid { hasInvalid = true }
        let length = bytes.count &- start &- room
        let width = Decimal.width(UInt64(truncatingIfNeeded: length)) &+ 1
        bytes.reserve(24)
        let target = bytes.base + start
        if width != room {
            UnsafeMutableRawPointer(target + width).copyMemory(from: target + room, byteCount: length)
        }
        writePrefix(length, width: width, to: target)
        target[width &+ length] = UInt8(ascii: ",")
        bytes.count = start &+ width &+ length &+ 1
        segments[index] = FieldPlace(start: start, textStart: start &+ width, end: bytes.count, reading: reading)
    }

    /// Writes a netstring's digits and colon, `width` bytes, and nothing behind them.
    @inline(__always)
    private func writePrefix(_ length: Int, width: Int, to target: UnsafeMutablePointer<UInt8>) {
        guard length < Self.prefixCount else {
            _ = Decimal.write(UInt64(truncatingIfNeeded: length), to: target)
            target[width &- 1] = UInt8(ascii: ":")
            return
        }
        let raw = UnsafeMutableRawPointer(target)
        if width == 4 {
            raw.copyMemory(from: prefixes + length, byteCount: 4)
        } else {
            raw.copyMemory(from: prefixes + length, byteCount: 2)
            target[width &- 1] = UInt8(ascii: ":")
        }
    }

    /// Keeps the text of a set's one member for field sets that compare by it.
    mutating func setPrimary(of index: Int, _ members: borrowing SetMembers) {
        let start = primaries.count
        _ = members.writePrimary(to: &primaries)
        primaryRanges[index] = start..<primaries.count
    }

    /// Every field's place, valid until the next record.
    var places: UnsafePointer<FieldPlace> { UnsafePointer(segments) }

    func isAbsent(_ index: Int) -> Bool { segments[index].reading == .absent }
    func isInvalid(_ index: Int) -> Bool { segments[index].reading == .invalid }
    func hasValue(_ index: Int) -> Bool { segments[index].reading == .value }

    /// `-`, or the netstring.
    func segment(_ index: Int) -> UnsafeRawBufferPointer { bytes.bytes(segments[index].whole) }

    /// The canonical text; empty where absent.
    @inline(__always)
    func text(_ index: Int) -> UnsafeRawBufferPointer {
        let segment = segments[index]
        return segment.reading == .absent ? UnsafeRawBufferPointer(start: nil, count: 0) : bytes.bytes(segment.text)
    }

    func primary(_ index: Int) -> UnsafeRawBufferPointer { primaries.bytes(primaryRanges[index]) }

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
