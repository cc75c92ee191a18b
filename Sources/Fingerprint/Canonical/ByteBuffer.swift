/// Bytes that grow at the end. One owner, no copies, no checks in the way of the scan.
struct ByteBuffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    /// May be lowered to take bytes back, or raised over bytes written behind `end`.
    var count = 0

    init(capacity: Int) {
        base = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { base.deallocate() }

    var end: UnsafeMutablePointer<UInt8> { base + count }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }

    /// Makes room for `more` bytes behind `end`.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if capacity &- count < more { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = larger
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count &+= 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        UnsafeMutableRawPointer(end).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    /// Appends bytes that stand in the buffer's own room at or behind `end`.
    @inline(__always)
    mutating func keep(_ range: Range<Int>) {
        if range.lowerBound != count { (base + count).update(from: base + range.lowerBound, count: range.count) }
        count += range.count
    }

    mutating func append(_ string: StaticString) {
        append(UnsafeRawBufferPointer(start: string.utf8Start, count: string.utf8CodeUnitCount))
    }

    mutating func append(_ string: String) {
        var string = string
        string.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends a number's decimal digits.
    @inline(__always)
    mutating func append(decimal value: Int64) {
        reserve(20)
        if value < 0 { append(UInt8(ascii: "-")) }
        count += Decimal.write(value.magnitude, to: end)
    }

    /// Appends `<byte length>:<text>,`.
    @inline(__always)
    mutating func append(netstring text: UnsafeRawBufferPointer) {
        reserve(text.count + 22)
        count += Decimal.write(UInt64(text.count), to: end)
        append(UInt8(ascii: ":"))
        append(text)
        append(UInt8(ascii: ","))
    }
}

/// Decimal digits of unsigned numbers.
enum Decimal {
    /// How many digits a number has.
    @inline(__always)
    static func width(_ value: UInt64) -> Int {
        if value < 10 { return 1 }
        if value < 100 { return 2 }
        if value < 1000 { return 3 }
        var width = 3
        var rest = value / 1000
        while rest > 0 {
            width += 1
            rest /= 10
        }
        return width
    }

    /// Writes the digits and returns how many there are; there must be room for 20.
    @inline(__always)
    static func write(_ value: UInt64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        let width = width(value)
        if value < 10 {
            target[0] = UInt8(ascii: "0") | UInt8(truncatingIfNeeded: value)
            return 1
        }
        var rest = value
        var index = width
        repeat {
            index &-= 1
            target[index] = UInt8(ascii: "0") | UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        return width
    }
}
