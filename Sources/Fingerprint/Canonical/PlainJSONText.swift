import CXXHash

/// A JSON text with zeros behind it, so that it may be read without looking for its end, and where its quotation marks
/// are. Reused from text to text.
struct PlainJSONText: ~Copyable {
    /// Longer texts are not taken.
    static let maximumCount = 4096

    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.maximumCount + 64)
    private let quotes = UnsafeMutablePointer<UInt64>.allocate(capacity: Self.maximumCount / 64 + 1)

    deinit {
        bytes.deallocate()
        quotes.deallocate()
    }

    /// Takes a text of at most `maximumCount` bytes.
    ///
    /// - Returns: whether it is ASCII; nil where it has a backslash or a byte below 0x20.
    @inline(__always)
    func take(_ source: UnsafeRawPointer, count: Int) -> Bool? {
        let found = rollcall_json_copy(bytes, source, count, quotes)
        guard found & Int32(rollcall_json_rare) == 0 else { return nil }
        return found & Int32(rollcall_json_not_ascii) == 0
    }

    /// Where the quotation mark is that ends the string beginning at `start`; nil where there is none before `end`.
    @inline(__always)
    func stringEnd(_ start: Int, before end: Int) -> Int? {
        let next = start &+ 1
        let marks = quotes[next >> 6] >> UInt64(next & 63)
        if marks != 0 { return next &+ marks.trailingZeroBitCount }
        var word = next >> 6 &+ 1
        while word &* 64 < end {
            if quotes[word] != 0 { return word &* 64 &+ quotes[word].trailingZeroBitCount }
            word &+= 1
        }
        return nil
    }

    /// Where the number ends that begins at `start` and is its own canonical text; nil for any other, and for some that
    /// are: of 15 digits and more with a fraction, of 19 and more without.
    @inline(__always)
    func numberEnd(_ start: Int) -> Int? {
        let isNegative = bytes[start] == UInt8(ascii: "-")
        let whole = isNegative ? start &+ 1 : start
        let others = ~rollcall_digits16(bytes + whole) | 0x10000
        var wholeCount = others.trailingZeroBitCount
        if wholeCount == 16 {
            // A long integer. 18 digits are in the zeros behind the text at the latest.
            while wholeCount < 19, Bytes.isDigit(bytes[whole &+ wholeCount]) { wholeCount &+= 1 }
            guard wholeCount < 19, bytes[whole] != UInt8(ascii: "0"), bytes[whole &+ wholeCount] != UInt8(ascii: ".")
            else { return nil }
            return whole &+ wholeCount
        }
        let beginsWithZero = bytes[whole] == UInt8(ascii: "0")
        guard wholeCount > 0, !beginsWithZero || wholeCount == 1 else { return nil }
        let point = whole &+ wholeCount
        guard bytes[point] == UInt8(ascii: ".") else { return isNegative && beginsWithZero ? nil : point }
        let fraction = point &+ 1
        let count = (others >> UInt32(wholeCount &+ 1)).trailingZeroBitCount
        // Up to 15 digits any decimal is the shortest text of its double; from 0.000001 on it has no exponent.
        guard count > 0, wholeCount &+ count < 15, bytes[point &+ count] != UInt8(ascii: "0"),
            !beginsWithZero || count <= 6 || bytes[fraction] != UInt8(ascii: "0")
        else { return nil }
        return fraction &+ count
    }
}
