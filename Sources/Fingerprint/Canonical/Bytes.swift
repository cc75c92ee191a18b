#if canImport(Glibc)
import Glibc
#endif

/// Questions about borrowed bytes, eight at a time where that pays.
enum Bytes {
    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The top bit of each byte that equals `byte`; only the lowest bit set is certain.
    @inline(__always)
    static func marks(_ word: UInt64, equalTo byte: UInt8) -> UInt64 {
        let x = word ^ (ones &* UInt64(byte))
        return (x &- ones) & ~x & tops
    }

    /// The top bit of each byte below 0x20; only the lowest bit set is certain.
    @inline(__always)
    static func marksOfControls(_ word: UInt64) -> UInt64 {
        (word &- (ones &* 0x20)) & ~word & tops
    }

    @inline(__always)
    static func word(_ pointer: UnsafeRawPointer) -> UInt64 { pointer.loadUnaligned(as: UInt64.self) }

    static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.baseAddress else { return true }
        var index = 0
        var gathered: UInt64 = 0
        while index + 8 <= bytes.count {
            gathered |= word(start + index)
            index += 8
        }
        while index < bytes.count {
            gathered |= UInt64(bytes[index])
            index += 1
        }
        return gathered & tops == 0
    }

    /// ASCII white space: space, tab, line feed, vertical tab, form feed, carriage return.
    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Without ASCII white space around.
    @inline(__always)
    static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let start = bytes.baseAddress else { return bytes }
        var lower = 0
        var upper = bytes.count
        while lower < upper, isSpace(bytes[lower]) { lower += 1 }
        while upper > lower, isSpace(bytes[upper - 1]) { upper -= 1 }
        return UnsafeRawBufferPointer(start: start + lower, count: upper - lower)
    }

    static func equal(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        a.count == b.count && compare(a, b) == 0
    }

    /// Bytewise order: negative, zero or positive; a prefix comes first.
    @inline(__always)
    static func compare(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        let common = min(a.count, b.count)
        if common > 0, let x = a.baseAddress, let y = b.baseAddress {
            let order = memcmp(x, y, common)
            if order != 0 { return Int(order) }
        }
        return a.count - b.count
    }
}

extension StaticString {
    var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: utf8Start, count: utf8CodeUnitCount) }
}
